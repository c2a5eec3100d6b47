namespace RetryHandler;

/// <summary>One client at one instant.</summary>
public sealed record ClientSnapshot
{
    /// <summary>Gets the client's name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets what its calls came to; partitions that were dropped since are included.</summary>
    public required CallTotals Totals { get; init; }

    /// <summary>Gets whether, how much and why it is slowed, over all partitions.</summary>
    /// <remarks>Rates, tokens and waiting callers are sums; the state is the worst one.</remarks>
    public required SendRateSnapshot SendRate { get; init; }

    /// <summary>Gets its retry quota, over all partitions.</summary>
    public required QuotaSnapshot Quota { get; init; }

    /// <summary>Gets the state of its circuit breaker.</summary>
    /// <value><see langword="null"/> when it has none.</value>
    public BreakerState? Breaker { get; init; }

    /// <summary>Gets how many partitions it has; one when it is not partitioned.</summary>
    public required int PartitionCount { get; init; }

    /// <summary>Gets the partitions; of more than 100, those that are held back most.</summary>
    public required IReadOnlyList<PartitionSnapshot> Partitions { get; init; }

    /// <summary>Gets the last 64 things that happened, the oldest first.</summary>
    public required IReadOnlyList<RetryEvent> RecentEvents { get; init; }
}
