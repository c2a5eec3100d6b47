using RetryHandler.Backoff;

namespace RetryHandler.Retry;

/// <summary>
/// Decides whether and when a failed attempt is followed by another. Pure: the same facts, the same answer.
/// </summary>
internal static class RetryPlanner
{
    /// <summary>
    /// How much of the usual spread callers of a paced client get who were told the same delay: they are let go one by
    /// one anyway, and only the clocks of several processes are to be told apart. Who came 50 ms after the others would
    /// find a window of 600 spent.
    /// </summary>
    private const double PacedSpread = 0.02;

    /// <summary>Goes through the conditions in a fixed order; the first that fails is the stop reason.</summary>
    /// <remarks>
    /// Two conditions are left to the caller, because they depend on what all callers of the client do: the send rate
    /// and, last of all so that nothing leaks, the retry quota.
    /// </remarks>
    public static RetryDecision Plan(
        RetrySettings settings, in AttemptVerdict verdict, in RetrySituation situation, Func<double> nextDouble)
    {
        var failure = settings.For(verdict);
        if (FindObstacle(settings, failure, verdict, situation) is { } obstacle)
        {
            return RetryDecision.StopFor(obstacle);
        }

        var delay = BackoffCalculator.Compute(
            failure.Backoff, situation.Attempt - 1, nextDouble(), situation.AdaptiveFactor);
        if (verdict.NeverSent)
        {
            // The rest of the breaker's own break: no setting for what upstreams ask concerns it.
            delay = BackoffCalculator.Combine(delay, verdict.ServerDelay, boundedHint: null, nextDouble());
        }
        else if (settings.ServerDelayEnabled)
        {
            if (verdict.ServerDelay > settings.MaxServerDelay)
            {
                return RetryDecision.StopFor(RetryStopReason.ServerDelayTooLong);
            }

            delay = BackoffCalculator.Combine(
                delay,
                verdict.ServerDelay,
                verdict.BoundedDelayHint,
                nextDouble() * (settings.IsPaced && verdict.Kind == FailureKind.Throttled ? PacedSpread : 1));
        }

        return delay >= situation.TimeLeft
            ? RetryDecision.StopFor(RetryStopReason.DeadlineTooNear)
            : RetryDecision.RetryAfter(delay, verdict.NeverSent ? 0 : failure.Cost);
    }

    private static RetryStopReason? FindObstacle(
        RetrySettings settings, in FailureSettings failure, in AttemptVerdict verdict, in RetrySituation situation) =>
        verdict.Kind == FailureKind.QuotaExhausted ? RetryStopReason.UpstreamQuotaExhausted
        : !verdict.IsRetryable ? RetryStopReason.NotRetryable
        : verdict.NeverSent && (verdict.ServerDelay is null || situation.TimeLeft == TimeSpan.MaxValue)
            ? RetryStopReason.CircuitOpen
        : situation.IsDisabled ? RetryStopReason.Disabled
        : !verdict.NeverSent && situation.Attempt >= (situation.MaxAttempts ?? failure.MaxAttempts)
            ? RetryStopReason.AttemptsExhausted
        : !situation.CanReplay ? RetryStopReason.NotReplayable
        : !IsSafeToRepeat(settings, verdict, situation) ? RetryStopReason.UnsafeToRepeat
        : null;

    private static bool IsSafeToRepeat(
        RetrySettings settings, in AttemptVerdict verdict, in RetrySituation situation) =>
        situation.IsIdempotent || settings.UnsafeMethods switch
        {
            UnsafeMethodReplay.Always => true,
            UnsafeMethodReplay.Never => false,
            _ => verdict.KnownNotProcessed && !situation.HasBecomeAnother,
        };
}
