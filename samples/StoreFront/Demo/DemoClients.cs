using StoreFront.Orders;

namespace StoreFront.Demo;

/// <summary>The same typed client three times; only its registration differs.</summary>
internal static class DemoClients
{
    public static IServiceCollection AddDemoClients(
        this IServiceCollection services, DemoUpstream upstream, Uri address)
    {
        foreach (var kind in Enum.GetValues<ClientKind>())
        {
            services.AddOrdersClient(kind, upstream.NameFor(kind), upstream.BehaviourFor(kind), address);
        }

        return services;
    }

    public static void AddOrdersClient(
        this IServiceCollection services, ClientKind kind, string name, string behaviour, Uri address)
    {
        var client = services.AddHttpClient<OrdersClient>(name, http =>
        {
            http.BaseAddress = address;
            http.DefaultRequestHeaders.Add("X-Upstream", behaviour);
        });
        switch (kind)
        {
            case ClientKind.Polly:
                client.AddHttpMessageHandler(PollyRetryHandler.WithStockRetry);
                break;
            case ClientKind.Adaptive:
                client.AddAdaptiveRetry();
                break;
        }
    }
}
