using FlakyUpstream.Behaviours;

namespace FlakyUpstream.Orders;

internal static class OrderEndpoints
{
    private const int PageSize = 20;

    public static void MapOrders(this WebApplication app)
    {
        app.MapGet("/orders", (HttpContext context, BehaviourRegistry registry, OrderBook book) =>
            BehaviourEndpoints.RunLimitedAsync(context, registry, () => Results.Json(book.Latest(PageSize))));

        app.MapGet("/orders/{id:int}", (int id, HttpContext context, BehaviourRegistry registry, OrderBook book) =>
            BehaviourEndpoints.RunLimitedAsync(context, registry, () => Found(book.Find(id))));

        app.MapPost("/orders", (NewOrder order, HttpContext context, BehaviourRegistry registry, OrderBook book) =>
            BehaviourEndpoints.RunLimitedAsync(context, registry, () => Place(order, context, book)));
    }

    private static IResult Found(Order? order) => order is null ? Results.NotFound() : Results.Json(order);

    private static IResult Place(NewOrder order, HttpContext context, OrderBook book)
    {
        if (!order.IsValid)
        {
            return Results.Problem("An order needs an item and a quantity.", statusCode: 400);
        }

        var key = context.Request.Headers["Idempotency-Key"].ToString();
        var placed = book.Place(order.Item, order.Quantity, key);
        return Results.Created($"/orders/{placed.Id}", placed);
    }
}
