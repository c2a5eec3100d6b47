using System.Net;

namespace StoreFront.Orders;

/// <summary>The typed client of the order service. It knows nothing of limits, retries or waiting.</summary>
public sealed class OrdersClient(HttpClient http)
{
    public async Task<Order?> GetOrderAsync(int id, CancellationToken cancellationToken = default)
    {
        using var response = await http.GetAsync($"orders/{id}", cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<Order>(cancellationToken);
    }

    public async Task<IReadOnlyList<Order>> ListOrdersAsync(CancellationToken cancellationToken = default) =>
        await http.GetFromJsonAsync<List<Order>>("orders", cancellationToken) ?? [];

    public async Task<Order?> PlaceOrderAsync(OrderRequest order, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "orders") { Content = JsonContent.Create(order) };
        // The service answers the same key with the same order, so placing it twice is not possible.
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());

        using var response = await http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<Order>(cancellationToken);
    }
}
