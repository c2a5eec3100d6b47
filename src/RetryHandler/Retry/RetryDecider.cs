namespace RetryHandler.Retry;

/// <summary>Decides after a failed attempt: by what the call is, then by what all callers of the client do.</summary>
internal sealed class RetryDecider(RetrySettings settings, LearnedState learned, Func<double> nextDouble)
{
    public RetryDecision Decide(CallState call)
    {
        var replay = call.Replay;
        var situation = new RetrySituation(
            call.Attempt,
            replay.IsDisabled,
            replay.CanReplay,
            replay.IsIdempotent,
            replay.HasBecomeAnother,
            call.TimeLeft,
            learned.Successes.DelayFactor,
            replay.MaxAttempts);
        var decision = RetryPlanner.Plan(settings, call.Verdict, situation, nextDouble);
        if (decision.Stop is not null)
        {
            return decision;
        }

        // While the upstream's response is still at hand: it says more than an exception of ours would later.
        if (settings.SendRateEnabled && learned.Limiter.WouldReject(decision.Delay, situation.TimeLeft))
        {
            return RetryDecision.StopFor(RetryStopReason.SendRateLimited);
        }

        decision = decision with { Failure = call.Verdict.NeverSent ? call.Retry.Failure : call.Verdict.Kind };

        // Free without the quota: what was not paid must not be given back, should a reload switch it on meanwhile.
        return !settings.QuotaEnabled ? decision with { Cost = 0 }
            : learned.Quota.TryTake(decision.Cost) ? decision
            : RetryDecision.StopFor(RetryStopReason.RetryQuotaExhausted);
    }
}
