namespace RetryHandler;

/// <summary>One partition of a client at one instant.</summary>
public sealed record PartitionSnapshot
{
    /// <summary>Gets the partition's key.</summary>
    /// <value><see langword="null"/> for the only one of a client that is not partitioned.</value>
    public string? Key { get; init; }

    /// <summary>Gets what its calls came to.</summary>
    public required CallTotals Totals { get; init; }

    /// <summary>Gets whether, how much and why it is slowed.</summary>
    public required SendRateSnapshot SendRate { get; init; }

    /// <summary>Gets its retry quota.</summary>
    public required QuotaSnapshot Quota { get; init; }
}
