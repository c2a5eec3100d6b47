namespace FlakyUpstream.Orders;

internal sealed record Order(int Id, string Item, int Quantity);
