namespace RetryHandler.Benchmarks.Calls;

/// <summary>One row of the table: what happens, and what it may cost.</summary>
/// <param name="Name">What happens.</param>
/// <param name="Inner">How the inner handler answers.</param>
/// <param name="Callers">How many call at the same time.</param>
/// <param name="MostRatio">The goal: at most so many times what the bare client takes.</param>
/// <param name="MostBytes">The goal: at most so many bytes more than the bare client allocates.</param>
public sealed record CallRow(string Name, InnerKind Inner, int Callers, double MostRatio, int MostBytes)
{
    /// <summary>Gets how many attempts fail before one succeeds; the bare client makes as many calls more.</summary>
    public int Failures { get; init; }

    /// <summary>Gets whether the upstream has throttled, so that each attempt takes a token; there is always one.</summary>
    public bool IsLimited { get; init; }

    /// <summary>Gets whether the request has headers, as nearly every one has.</summary>
    public bool HasHeaders { get; init; }

    public static IReadOnlyList<CallRow> All { get; } =
    [
        new("success, answered at once", InnerKind.AtOnce, 1, 1.15, 0),
        new("success, answered at once, 3 request headers", InnerKind.AtOnce, 1, 1.15, 0) { HasHeaders = true },
        new("success, answered at once", InnerKind.AtOnce, 64, 1.15, 0),
        new("success, answered later", InnerKind.Later, 1, 1.15, 200),
        new("success, answered later", InnerKind.ThreadPool, 64, 1.15, 200),
        new("success with a send token, answered at once", InnerKind.AtOnce, 1, 1.25, 0) { IsLimited = true },
        new("success with a send token, answered at once", InnerKind.AtOnce, 64, 1.25, 0) { IsLimited = true },
        new("success with a send token, answered later", InnerKind.Later, 1, 1.25, 200) { IsLimited = true },
        new("success with a send token, answered later", InnerKind.ThreadPool, 64, 1.25, 200) { IsLimited = true },
        new("503, then 200, answered at once", InnerKind.AtOnce, 1, 1.5, 400) { Failures = 1 },
        new("503, then 200, answered at once", InnerKind.AtOnce, 64, 1.5, 400) { Failures = 1 },
        new("503, then 200, answered later", InnerKind.Later, 1, 1.5, 400) { Failures = 1 },
        new("503, then 200, answered later", InnerKind.ThreadPool, 64, 1.5, 400) { Failures = 1 },
    ];

    public override string ToString() => $"{Name}, {Callers} {(Callers == 1 ? "caller" : "callers")}";
}
