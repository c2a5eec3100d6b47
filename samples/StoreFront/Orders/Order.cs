namespace StoreFront.Orders;

/// <summary>An order as the order service gives it.</summary>
public sealed record Order(int Id, string Item, int Quantity);
