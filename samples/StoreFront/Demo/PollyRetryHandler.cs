using Polly;
using Polly.Retry;

namespace StoreFront.Demo;

/// <summary>Polly around a call, the way its documentation shows it. Good enough for requests without a body.</summary>
internal sealed class PollyRetryHandler(ResiliencePipeline<HttpResponseMessage> pipeline) : DelegatingHandler
{
    /// <summary>Makes one with Polly's own defaults: 3 retries after about 2, 4 and 8 seconds.</summary>
    public static PollyRetryHandler WithStockRetry() => new(
        new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = new PredicateBuilder<HttpResponseMessage>()
                    .Handle<HttpRequestException>()
                    .HandleResult(response => (int)response.StatusCode is 429 or >= 500),
            })
            .Build());

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken) =>
        await pipeline.ExecuteAsync(
            async token => await base.SendAsync(request, token), cancellationToken);
}
