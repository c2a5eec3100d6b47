namespace RetryHandler;

/// <summary>What is left of the retry quota.</summary>
/// <param name="Available">The tokens left.</param>
/// <param name="Capacity">The most there can be.</param>
public sealed record QuotaSnapshot(int Available, int Capacity);
