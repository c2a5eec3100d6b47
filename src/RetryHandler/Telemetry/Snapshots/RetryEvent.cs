namespace RetryHandler;

/// <summary>One thing that happened in a client. Values that make no sense for its kind are absent.</summary>
public readonly record struct RetryEvent
{
    /// <summary>Gets its number in the client, counted from 1.</summary>
    public required long Number { get; init; }

    /// <summary>Gets when it happened.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Gets what happened.</summary>
    public required RetryEventKind Kind { get; init; }

    /// <summary>Gets the key of the partition.</summary>
    public string? Partition { get; init; }

    /// <summary>Gets the request's method.</summary>
    public string? Method { get; init; }

    /// <summary>Gets which attempt of the call it was.</summary>
    public int? Attempt { get; init; }

    /// <summary>Gets what the failure was.</summary>
    public FailureKind? Failure { get; init; }

    /// <summary>Gets the rule that recognised the failure, for example <c>status-429</c>.</summary>
    public string? Rule { get; init; }

    /// <summary>Gets the status code of the answer.</summary>
    public int? Status { get; init; }

    /// <summary>Gets why no further attempt was made.</summary>
    public RetryStopReason? Reason { get; init; }

    /// <summary>Gets how long is waited.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>Gets the send rate that is now in force, in attempts per second.</summary>
    public double? SendRate { get; init; }

    /// <summary>Gets the breaker's new state.</summary>
    public BreakerState? Breaker { get; init; }
}
