using System.Net;
using RetryHandler.Quota;
using RetryHandler.RateLimiting;

namespace RetryHandler.Retry;

/// <summary>
/// Waits for a call's turn to send, and settles it afterwards, once: by a response, by none, or unused.
/// </summary>
internal sealed class SendTurns(RetrySettings settings, LearnedState learned, RetryEnvironment environment)
{
    private readonly RetryQuota _quota = learned.Quota;
    private readonly SendRateLimiter _limiter = learned.Limiter;
    private readonly BudgetWatch _budgets = new(settings.FollowsPublishedBudget, environment.TimeProvider);

    /// <summary>
    /// Waits for the backoff and then for a token; gives back what was paid when the attempt is not sent.
    /// </summary>
    public async ValueTask<SendTurn> WaitAsync<TSender>(
        TSender sender, CallContext call, int attempt, RetryDecision retry, AttemptOutcome last)
        where TSender : struct, IAttemptSender
    {
        var permit = default(SendPermit);
        if (retry.Delay == TimeSpan.Zero && (!settings.SendRateEnabled || _limiter.TryPass(out permit)))
        {
            return new SendTurn(permit, default, default);
        }

        var start = environment.TimeProvider.GetTimestamp();
        var tokenWait = TimeSpan.Zero;
        try
        {
            await sender.Complete(Waits.DelayAsync(retry.Delay, environment.TimeProvider, call.CancellationToken))
                .ConfigureAwait(false);
            if (settings.SendRateEnabled)
            {
                var queuedAt = environment.TimeProvider.GetTimestamp();
                var acquired = _limiter.AcquireAsync(call.Deadline.TimeLeft, call.CancellationToken);
                var isQueued = !acquired.IsCompleted;
                permit = await sender.Complete(acquired).ConfigureAwait(false);
                tokenWait = isQueued ? environment.TimeProvider.GetElapsedTime(queuedAt) : TimeSpan.Zero;
                call.CancellationToken.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException e)
        {
            _limiter.Return(permit);
            _quota.Return(retry.Cost);
            environment.Telemetry.OnAbandoned(call.Told, attempt - 1, call.ReasonFor(e));
            throw;
        }
        catch (SendRateLimitedException e)
        {
            _quota.Return(retry.Cost);
            environment.Telemetry.OnNotSent(call.Told, attempt);
            if (attempt == 1)
            {
                throw;
            }

            throw e.After(last.Response?.StatusCode, last.Exception);
        }

        return new SendTurn(permit, environment.TimeProvider.GetElapsedTime(start), tokenWait);
    }

    /// <summary>Settles an attempt that nobody can judge.</summary>
    public void SettleWithoutVerdict(CallContext call, SendPermit permit, RetryDecision retry)
    {
        // A permit that is never settled would leave a closed gate waiting for this attempt's answer.
        _limiter.OnNoResponse(permit);
        if (call.Caller.IsCancellationRequested)
        {
            // Not so when the total time has passed: retries that hang must cost what they cost.
            _quota.Return(retry.Cost);
        }
    }

    /// <summary>Settles an attempt by what came of it.</summary>
    /// <returns>The verdict; another one when the send rate shows what the answer alone did not.</returns>
    public AttemptVerdict Report(
        in AttemptOutcome outcome, in AttemptVerdict verdict, SendPermit permit, RetryDecision retry)
    {
        if (settings.FollowsSuccess && !verdict.NeverSent)
        {
            learned.Successes.Record(!verdict.IsRetryable);
        }

        if (verdict.NeverSent)
        {
            _limiter.Return(permit);
            _quota.Return(retry.Cost);
        }
        else if (outcome.Response is null && verdict.Kind != FailureKind.Throttled)
        {
            // A broken connection says nothing about the upstream's limit, so it neither lowers nor raises the rate.
            _limiter.OnNoResponse(permit);
        }
        else if (settings.SendRateEnabled)
        {
            _limiter.OnResponse(permit, new SendResponse(FeedbackOf(outcome, verdict), settings.DelayForAll(verdict))
            {
                Budget = _budgets.Read(outcome.Response, verdict.Kind),
            });
            environment.Telemetry.OnLimiterMoved(_limiter);
            if (settings.IsPaced && _limiter.IsOverloadExpected && IsBareUnavailable(outcome, verdict))
            {
                return verdict with { Kind = FailureKind.Throttled, Rule = "concurrency-limit" };
            }
        }

        return verdict;
    }

    private static bool IsBareUnavailable(in AttemptOutcome outcome, in AttemptVerdict verdict) =>
        verdict.Kind == FailureKind.Transient
        && verdict.ServerDelay is null
        && outcome.Response?.StatusCode == HttpStatusCode.ServiceUnavailable;

    private static SendFeedback FeedbackOf(in AttemptOutcome outcome, in AttemptVerdict verdict) => verdict.Kind switch
    {
        FailureKind.Throttled => SendFeedback.Throttled,
        FailureKind.Transient when IsBareUnavailable(outcome, verdict) => SendFeedback.Unavailable,
        FailureKind.Transient => SendFeedback.Failed,
        _ => SendFeedback.Accepted,
    };
}
