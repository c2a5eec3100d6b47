namespace StoreFront.Orders;

/// <summary>An order to be placed.</summary>
public sealed record OrderRequest(string Item, int Quantity);
