namespace RetryHandler;

/// <summary>One partition of a client at one instant.</summary>
public sealed record PartitionSnapshot
{
    /// <summary>Gets the partition's key.</summary>
    /// <value>
    /// <see langword="null"/> for the default partition, which is the only one of a client that is not partitioned, and
    /// for the overflow partition.
    /// </value>
    public string? Key { get; init; }

    /// <summary>Gets whether keys share it because there were too many.</summary>
    public bool IsOverflow { get; init; }

    /// <summary>Gets what its calls came to.</summary>
    /// <remarks>Of the default partition: since the client has had others.</remarks>
    public required CallTotals Totals { get; init; }

    /// <summary>Gets whether, how much and why it is slowed.</summary>
    public required SendRateSnapshot SendRate { get; init; }

    /// <summary>Gets its retry quota.</summary>
    public required QuotaSnapshot Quota { get; init; }
}
