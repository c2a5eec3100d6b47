namespace RetryHandler.AspNetCore.Dashboard;

/// <summary>What a client did in the last seconds.</summary>
/// <param name="Attempts">The attempts that it sent.</param>
/// <param name="HeldBack">The calls that ended because the wait for a send token would have been too long.</param>
internal sealed record RecentCalls(AttemptTotals Attempts, long HeldBack)
{
    /// <summary>Computes what was added between two readings of the counters.</summary>
    public static RecentCalls Between(CallTotals then, CallTotals now) => new(
        new AttemptTotals(
            now.Attempts.Succeeded - then.Attempts.Succeeded,
            now.Attempts.Transient - then.Attempts.Transient,
            now.Attempts.Throttled - then.Attempts.Throttled,
            now.Attempts.QuotaExhausted - then.Attempts.QuotaExhausted,
            now.Attempts.Permanent - then.Attempts.Permanent,
            now.Attempts.Abandoned - then.Attempts.Abandoned),
        HeldBackIn(now) - HeldBackIn(then));

    private static long HeldBackIn(CallTotals totals) =>
        totals.Stops.TryGetValue(RetryStopReason.SendRateLimited, out var calls) ? calls : 0;
}
