namespace RetryHandler;

/// <summary>What is left of the retry quota.</summary>
/// <param name="Available">The tokens left.</param>
/// <param name="Capacity">The most there can be.</param>
public sealed record QuotaSnapshot(int Available, int Capacity)
{
    /// <summary>
    /// Gets whether a failure was returned because there were too few tokens, and no more came since.
    /// </summary>
    public bool IsEmpty { get; init; }
}
