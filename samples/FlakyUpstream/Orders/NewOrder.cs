using System.Diagnostics.CodeAnalysis;

namespace FlakyUpstream.Orders;

internal sealed record NewOrder(string? Item, int Quantity)
{
    // The book keeps what it is given, so the length is part of its bound on memory.
    [MemberNotNullWhen(true, nameof(Item))]
    public bool IsValid => Item is { Length: > 0 and <= 100 } && Quantity > 0;
}
