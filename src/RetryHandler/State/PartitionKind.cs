namespace RetryHandler;

/// <summary>By what the calls of a client are divided into partitions.</summary>
public enum PartitionKind
{
    /// <summary>By nothing: all calls share one send rate and one retry quota.</summary>
    None = 0,

    /// <summary>By scheme, host and port of the request's URI.</summary>
    /// <remarks>Requests without an absolute URI belong to the client's default partition.</remarks>
    Authority,
}
