using System.Net;
using Polly;
using Polly.Retry;

namespace RetryHandler.Benchmarks.Calls;

/// <summary>Polly's retry as a careful user writes it: no closures, and failed responses are released.</summary>
internal sealed class PollyRetryHandler : DelegatingHandler
{
    private static readonly ResiliencePipeline<HttpResponseMessage> Pipeline =
        new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = 2,
                Delay = TimeSpan.Zero,
                ShouldHandle = static args => new(
                    args.Outcome.Result?.StatusCode == HttpStatusCode.ServiceUnavailable
                    || args.Outcome.Exception is HttpRequestException),
                OnRetry = static args =>
                {
                    args.Outcome.Result?.Dispose();
                    return default;
                },
            })
            .Build();

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken) =>
        await Pipeline.ExecuteAsync(
            static (call, token) => new ValueTask<HttpResponseMessage>(call.Handler.SendInner(call.Request, token)),
            (Handler: this, Request: request),
            cancellationToken).ConfigureAwait(false);

    private Task<HttpResponseMessage> SendInner(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.SendAsync(request, cancellationToken);
}
