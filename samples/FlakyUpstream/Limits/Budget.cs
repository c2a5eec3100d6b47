namespace FlakyUpstream.Limits;

/// <summary>What is left of a limit.</summary>
/// <param name="Remaining">How many requests may still come in now.</param>
/// <param name="ResetIn">The time until the next window, or until a bucket is full.</param>
internal readonly record struct Budget(int Remaining, TimeSpan ResetIn)
{
    /// <summary>The most that can be left.</summary>
    public required int Limit { get; init; }

    /// <summary>How many requests there are for each window.</summary>
    public required double Quota { get; init; }

    public required TimeSpan Window { get; init; }
}
