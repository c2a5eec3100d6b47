using System.Diagnostics;
using FlakyUpstream;
using StoreFront.Orders;

namespace StoreFront;

/// <summary>What the page calls; everything goes through <see cref="OrdersClient"/>.</summary>
internal static class StoreFrontEndpoints
{
    private const int MaxBurst = 1000;

    public static void MapStoreFront(this WebApplication app)
    {
        var api = app.MapGroup("/api").AddEndpointFilter<UpstreamFailureFilter>();

        api.MapGet("/orders", (OrdersClient orders, CancellationToken cancelled) => orders.ListOrdersAsync(cancelled));

        api.MapGet("/orders/{id:int}", async (int id, OrdersClient orders, CancellationToken cancelled) =>
            await orders.GetOrderAsync(id, cancelled) is { } order ? Results.Ok(order) : Results.NotFound());

        api.MapPost("/orders", (OrderRequest order, OrdersClient orders, CancellationToken cancelled) =>
            orders.PlaceOrderAsync(order, cancelled));

        api.MapPost("/burst", BurstAsync);

        api.MapGet("/upstream", (FlakyUpstreamHost upstream) => upstream.Stats(StoreUpstream.Key));
    }

    /// <summary>Many reads at once: what a busy minute does to the upstream.</summary>
    private static async Task<BurstResult> BurstAsync(OrdersClient orders, CancellationToken cancelled, int calls = 100)
    {
        var start = Stopwatch.GetTimestamp();
        var ids = Enumerable.Range(0, Math.Clamp(calls, 1, MaxBurst)).Select(i => 1 + i % 20);
        var reads = await Task.WhenAll(ids.Select(id => TryReadAsync(orders, id, cancelled)));
        var succeeded = reads.Count(success => success);
        return new BurstResult(
            succeeded, reads.Length - succeeded, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static async Task<bool> TryReadAsync(OrdersClient orders, int id, CancellationToken cancelled)
    {
        try
        {
            return await orders.GetOrderAsync(id, cancelled) is not null;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private sealed record BurstResult(int Succeeded, int Failed, double Seconds);
}
