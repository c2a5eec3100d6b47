using Polly;

namespace StoreFront.Demo;

/// <summary>Polly around a call, the way its documentation shows it. Good enough for requests without a body.</summary>
internal sealed class PollyRetryHandler(ResiliencePipeline<HttpResponseMessage> pipeline) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken) =>
        await pipeline.ExecuteAsync(
            async token => await base.SendAsync(request, token), cancellationToken);
}
