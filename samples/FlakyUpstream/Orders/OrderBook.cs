namespace FlakyUpstream.Orders;

/// <summary>The orders of the shop, in memory; the oldest leave when it is full.</summary>
internal sealed class OrderBook
{
    private const int Capacity = 10_000;

    private static readonly string[] Items = ["Espresso cups", "Teapot", "Filter papers", "Milk jug", "Coffee beans"];

    private readonly Lock _lock = new();
    private readonly OrderedDictionary<int, Order> _orders = [];
    private readonly OrderedDictionary<string, Order> _placedByKey = [];
    private int _lastId;

    public OrderBook()
    {
        for (var i = 0; i < 20; i++)
        {
            Place(Items[i % Items.Length], 1 + i % 4, idempotencyKey: "");
        }
    }

    public Order? Find(int id)
    {
        lock (_lock)
        {
            return _orders.GetValueOrDefault(id);
        }
    }

    /// <summary>The latest orders, newest first.</summary>
    public IReadOnlyList<Order> Latest(int count)
    {
        lock (_lock)
        {
            return [.. _orders.Values.Reverse().Take(count)];
        }
    }

    /// <summary>Places an order; the same key again gives the order it gave before.</summary>
    public Order Place(string item, int quantity, string idempotencyKey)
    {
        lock (_lock)
        {
            if (idempotencyKey.Length > 0 && _placedByKey.TryGetValue(idempotencyKey, out var placed))
            {
                return placed;
            }

            placed = new Order(++_lastId, item, quantity);
            Remember(_orders, placed.Id, placed);
            if (idempotencyKey.Length > 0)
            {
                Remember(_placedByKey, idempotencyKey, placed);
            }

            return placed;
        }
    }

    private static void Remember<TKey>(OrderedDictionary<TKey, Order> orders, TKey key, Order order)
        where TKey : notnull
    {
        if (orders.Count >= Capacity)
        {
            orders.RemoveAt(0);
        }

        orders.Add(key, order);
    }
}
