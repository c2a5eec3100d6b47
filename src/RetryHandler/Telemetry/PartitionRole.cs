namespace RetryHandler.Telemetry;

/// <summary>What a partition is to its client.</summary>
internal enum PartitionRole
{
    /// <summary>The one of all calls without a key.</summary>
    Common = 0,

    /// <summary>The one of a key.</summary>
    Keyed,

    /// <summary>The one that keys share when there are too many.</summary>
    Overflow,
}
