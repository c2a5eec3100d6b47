namespace RetryHandler.Telemetry;

/// <summary>Counts what the calls of a client, or of one of its partitions, came to. Thread-safe.</summary>
/// <remarks>
/// A call that succeeds at once, which is nearly every call, costs one interlocked addition: it stands for the call,
/// its attempt and its success. A call counts when it ends, an attempt when it is judged.
/// </remarks>
internal sealed class CallCounters
{
    private static readonly int Kinds = Enum.GetValues<FailureKind>().Length;
    private static readonly int Reasons = Enum.GetValues<RetryStopReason>().Length;

    private readonly long[] _attempts = new long[Kinds + 1];
    private readonly long[] _retries = new long[Kinds];
    private readonly long[] _ends = new long[Reasons];
    private long _atOnce;

    private int AbandonedSlot => _attempts.Length - 1;

    /// <summary>Counts a call that succeeded with its first attempt.</summary>
    public void SuccessAtOnce() => Interlocked.Increment(ref _atOnce);

    /// <summary>Counts any other attempt that was sent and judged.</summary>
    public void Attempt(FailureKind kind) => Interlocked.Increment(ref _attempts[(int)kind]);

    /// <summary>Counts an attempt that was sent, and that the caller did not wait for.</summary>
    public void AbandonedAttempt() => Interlocked.Increment(ref _attempts[AbandonedSlot]);

    public void Retry(FailureKind kind) => Interlocked.Increment(ref _retries[(int)kind]);

    /// <summary>Counts the end of any other call.</summary>
    public void End(RetryStopReason reason) => Interlocked.Increment(ref _ends[(int)reason]);

    public CallTotals Read()
    {
        // Ends before attempts, which were counted in the other order: so no reading shows a call without its attempts.
        var stops = new Dictionary<RetryStopReason, long>();
        for (var reason = RetryStopReason.Succeeded + 1; (int)reason < _ends.Length; reason++)
        {
            if (Interlocked.Read(ref _ends[(int)reason]) is > 0 and var count)
            {
                stops.Add(reason, count);
            }
        }

        var afterRetries = Interlocked.Read(ref _ends[(int)RetryStopReason.Succeeded]);
        var atOnce = Interlocked.Read(ref _atOnce);
        return new CallTotals
        {
            Succeeded = atOnce + afterRetries,
            Stops = stops,
            Attempts = new AttemptTotals(
                atOnce + Attempts(FailureKind.None),
                Attempts(FailureKind.Transient),
                Attempts(FailureKind.Throttled),
                Attempts(FailureKind.QuotaExhausted),
                Attempts(FailureKind.Permanent),
                Interlocked.Read(ref _attempts[AbandonedSlot])),
            TransientRetries = Interlocked.Read(ref _retries[(int)FailureKind.Transient]),
            ThrottledRetries = Interlocked.Read(ref _retries[(int)FailureKind.Throttled]),
        };
    }

    private long Attempts(FailureKind kind) => Interlocked.Read(ref _attempts[(int)kind]);
}
