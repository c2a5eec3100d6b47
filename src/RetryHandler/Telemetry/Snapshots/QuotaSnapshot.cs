namespace RetryHandler;

/// <summary>What is left of the retry quota.</summary>
/// <param name="Available">The tokens left.</param>
/// <param name="Capacity">The most there can be.</param>
public sealed record QuotaSnapshot(int Available, int Capacity)
{
    /// <summary>
    /// Gets whether the last retry that was needed found too few tokens, and would find too few now.
    /// </summary>
    /// <value>
    /// Never <see langword="true"/> with a <see cref="Capacity"/> of 0, which is meant to hold no tokens.
    /// </value>
    public bool IsEmpty { get; init; }
}
