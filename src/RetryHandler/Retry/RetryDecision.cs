namespace RetryHandler.Retry;

/// <summary>What to do after one attempt: go again after a delay, at a cost, or stop for a reason.</summary>
internal readonly record struct RetryDecision
{
    /// <summary>Gets why the call ends, or <see langword="null"/> to go again.</summary>
    public RetryStopReason? Stop { get; private init; }

    public TimeSpan Delay { get; private init; }

    /// <summary>Gets the tokens of the retry quota that the retry costs.</summary>
    public int Cost { get; init; }

    /// <summary>Gets what became of the last attempt that was sent.</summary>
    public FailureKind Failure { get; init; }

    public static RetryDecision StopFor(RetryStopReason reason) => new() { Stop = reason };

    public static RetryDecision RetryAfter(TimeSpan delay, int cost) => new() { Delay = delay, Cost = cost };
}
