using Polly;
using Polly.Retry;
using StoreFront.Orders;

namespace StoreFront.Demo;

/// <summary>The same typed client three times; only its registration differs.</summary>
internal static class DemoClients
{
    public static IServiceCollection AddDemoClients(
        this IServiceCollection services, DemoUpstream upstream, Uri address)
    {
        services.AddOrders(ClientKind.None, upstream, address);
        services.AddOrders(ClientKind.Polly, upstream, address)
            .AddHttpMessageHandler(() => new PollyRetryHandler(StockRetry()));
        services.AddOrders(ClientKind.Adaptive, upstream, address)
            .AddAdaptiveRetry();
        return services;
    }

    private static IHttpClientBuilder AddOrders(
        this IServiceCollection services, ClientKind kind, DemoUpstream upstream, Uri address) =>
        services.AddHttpClient<OrdersClient>(upstream.NameFor(kind), client =>
        {
            client.BaseAddress = address;
            client.DefaultRequestHeaders.Add("X-Upstream", upstream.BehaviourFor(kind));
        });

    // Polly's own defaults: 3 retries after about 2, 4 and 8 seconds.
    private static ResiliencePipeline<HttpResponseMessage> StockRetry() =>
        new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = new PredicateBuilder<HttpResponseMessage>()
                    .Handle<HttpRequestException>()
                    .HandleResult(response => (int)response.StatusCode is 429 or >= 500),
            })
            .Build();
}
