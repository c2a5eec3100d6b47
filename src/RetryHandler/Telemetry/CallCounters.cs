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

    // One array for attempts by kind, those that were abandoned, retries by kind and ends by reason: each array more
    // would take 24 B of every client and partition.
    private readonly long[] _counts = new long[Kinds + 1 + Kinds + Reasons];
    private long _atOnce;

    private static int AbandonedSlot => Kinds;

    private static int FirstRetry => Kinds + 1;

    private static int FirstEnd => FirstRetry + Kinds;

    /// <summary>Counts a call that succeeded with its first attempt.</summary>
    public void SuccessAtOnce() => Interlocked.Increment(ref _atOnce);

    /// <summary>Counts any other attempt that was sent and judged.</summary>
    public void Attempt(FailureKind kind) => Interlocked.Increment(ref _counts[(int)kind]);

    /// <summary>Counts an attempt that was sent, and that the caller did not wait for.</summary>
    public void AbandonedAttempt() => Interlocked.Increment(ref _counts[AbandonedSlot]);

    /// <summary>Counts an attempt once more that repeats one which failed so.</summary>
    public void Retry(FailureKind kind) => Interlocked.Increment(ref _counts[FirstRetry + (int)kind]);

    /// <summary>Counts the end of any other call.</summary>
    public void End(RetryStopReason reason) => Interlocked.Increment(ref _counts[FirstEnd + (int)reason]);

    public CallTotals Read()
    {
        // In the other order than they are counted: so no reading shows a call without its attempts, or a retry that is
        // no attempt.
        var stops = new Dictionary<RetryStopReason, long>();
        for (var reason = RetryStopReason.Succeeded + 1; (int)reason < Reasons; reason++)
        {
            if (Ends(reason) is > 0 and var count)
            {
                stops.Add(reason, count);
            }
        }

        var (transient, throttled) = (Retries(FailureKind.Transient), Retries(FailureKind.Throttled));
        var afterRetries = Ends(RetryStopReason.Succeeded);
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
                Interlocked.Read(ref _counts[AbandonedSlot])),
            TransientRetries = transient,
            ThrottledRetries = throttled,
        };
    }

    private long Attempts(FailureKind kind) => Interlocked.Read(ref _counts[(int)kind]);

    private long Retries(FailureKind kind) => Interlocked.Read(ref _counts[FirstRetry + (int)kind]);

    private long Ends(RetryStopReason reason) => Interlocked.Read(ref _counts[FirstEnd + (int)reason]);
}
