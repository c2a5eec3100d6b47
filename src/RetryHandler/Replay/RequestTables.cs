namespace RetryHandler.Replay;

/// <summary>What the caller said about one request, and every call has to look for.</summary>
internal static class RequestTables
{
    /// <summary>Gets the total times of requests that have one of their own.</summary>
    public static RequestTable<TimeSpan> TotalTimeouts { get; } = new();

    /// <summary>Gets the partition keys of requests that name one.</summary>
    public static RequestTable<string> Partitions { get; } = new();
}
