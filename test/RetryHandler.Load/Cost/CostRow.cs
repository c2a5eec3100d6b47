using System.Net;

namespace RetryHandler.Load.Cost;

/// <summary>One load of the table.</summary>
internal sealed record CostRow(Version Version, int Callers)
{
    public static IReadOnlyList<CostRow> All { get; } =
    [
        new(HttpVersion.Version11, 64),
        new(HttpVersion.Version11, 1024),
        new(HttpVersion.Version20, 64),
        new(HttpVersion.Version20, 1024),
    ];

    public override string ToString() => $"HTTP/{Version}, {Callers:N0} callers";
}
