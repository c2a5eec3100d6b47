using System.Net;
using RetryHandler.Quota;
using RetryHandler.RateLimiting;

namespace RetryHandler.Retry;

/// <summary>
/// Waits for a call's turn to send, and settles it afterwards, once: by a response, by none, or unused.
/// </summary>
internal sealed class SendTurns(RetrySettings settings, LearnedState learned, RetryEnvironment environment)
{
    /// <summary>Nobody can tell when a place becomes free, so that a longer delay is the rest of a window.</summary>
    private static readonly TimeSpan LongestDelayOfACrowd = TimeSpan.FromSeconds(1);

    private readonly RetryQuota _quota = learned.Quota;
    private readonly SendRateLimiter _limiter = learned.Limiter;
    private readonly BudgetWatch _budgets = new(settings.FollowsPublishedBudget, environment.TimeProvider);

    /// <summary>Takes the call's turn if there is nothing to wait for.</summary>
    public bool TryTake(CallState call)
    {
        if (call.Retry.Delay > TimeSpan.Zero)
        {
            return false;
        }

        if (!settings.SendRateEnabled)
        {
            call.Permit = default;
            return true;
        }

        // A call that is cancelled takes no token: whoever waits says so.
        if (_limiter.IsLimiting && call.CancellationToken.IsCancellationRequested)
        {
            return false;
        }

        var hasTurn = _limiter.TryAcquire(out var permit);
        call.Permit = permit;
        return hasTurn;
    }

    /// <summary>
    /// Waits for the backoff and then for a token; gives back what was paid when the attempt is not sent.
    /// </summary>
    public Task WaitAsync<TSender>(TSender sender, CallState call)
        where TSender : struct, IAttemptSender
    {
        call.TokenWait = TimeSpan.Zero;
        return TryTake(call) ? Task.CompletedTask : WaitLongAsync(sender, call);
    }

    /// <summary>Settles a first attempt that succeeded at once.</summary>
    public void ReportSuccess(SendPermit permit, HttpResponseMessage? response)
    {
        if (settings.FollowsSuccess)
        {
            learned.Successes.Record(true);
        }

        if (!settings.SendRateEnabled)
        {
            return;
        }

        if (_budgets.IsDue(response, FailureKind.None))
        {
            _limiter.OnResponse(permit, new SendResponse { Budget = _budgets.Read(response, FailureKind.None) });
        }
        else
        {
            _limiter.OnResponse(permit, in SendResponse.Accepted);
        }
    }

    /// <summary>Settles an attempt that was not sent: it costs nothing.</summary>
    public void SettleUnsent(CallState call)
    {
        _limiter.Return(call.Permit);
        _quota.Return(call.Retry.Cost);
    }

    /// <summary>Settles an attempt that was sent, and that nobody can judge.</summary>
    /// <remarks>
    /// A retry that was sent has cost what it costs, also when its caller leaves: callers whose own deadline ends, as
    /// <see cref="HttpClient.Timeout"/> does, look like that, and with an upstream that hangs all of them do.
    /// </remarks>
    public void SettleWithoutVerdict(CallState call)
    {
        // A permit that is never settled would leave a closed gate waiting for this attempt's answer.
        _limiter.OnNoResponse(call.Permit);
    }

    /// <summary>Settles an attempt by what came of it.</summary>
    /// <remarks>The verdict becomes another one when the send rate shows what the answer alone did not.</remarks>
    public void Report(CallState call)
    {
        ref var verdict = ref call.Verdict;
        if (settings.FollowsSuccess && !verdict.NeverSent)
        {
            learned.Successes.Record(!verdict.IsRetryable);
        }

        if (verdict.NeverSent)
        {
            SettleUnsent(call);
        }
        else if (call.Response is null && verdict.Kind != FailureKind.Throttled)
        {
            // A broken connection says nothing about the upstream's limit, so it neither lowers nor raises the rate.
            _limiter.OnNoResponse(call.Permit);
        }
        else if (settings.SendRateEnabled)
        {
            _limiter.OnResponse(call.Permit, new SendResponse(FeedbackOf(call), settings.DelayForAll(verdict))
            {
                Budget = _budgets.IsDue(call.Response, verdict.Kind)
                    ? _budgets.Read(call.Response, verdict.Kind)
                    : null,
            });
            if (settings.IsPaced && _limiter.IsOverloadExpected && IsBareUnavailable(call))
            {
                verdict = verdict with { Kind = FailureKind.Throttled, Rule = "concurrency-limit" };
            }
        }
    }

    private static bool IsBareUnavailable(CallState call) =>
        call.Verdict.Kind == FailureKind.Transient
        && call.Verdict.ServerDelay is null
        && call.Response?.StatusCode == HttpStatusCode.ServiceUnavailable;

    private static bool IsCrowded(in AttemptVerdict verdict) =>
        verdict.IsConcurrencyLimit && !(verdict.ServerDelay > LongestDelayOfACrowd);

    private static SendFeedback FeedbackOf(CallState call) => call.Verdict.Kind switch
    {
        FailureKind.Throttled when IsCrowded(call.Verdict) => SendFeedback.Crowded,
        FailureKind.Throttled => SendFeedback.Throttled,
        FailureKind.Transient when IsBareUnavailable(call) => SendFeedback.Unavailable,
        FailureKind.Transient => SendFeedback.Failed,
        _ => SendFeedback.Accepted,
    };

    private async Task WaitLongAsync<TSender>(TSender sender, CallState call)
        where TSender : struct, IAttemptSender
    {
        var start = environment.TimeProvider.GetTimestamp();
        call.Permit = default;
        try
        {
            await sender.Complete(Waits.DelayAsync(call.Retry.Delay, environment.TimeProvider, call.CancellationToken))
                .ConfigureAwait(false);
            if (settings.SendRateEnabled)
            {
                await AcquireAsync(sender, call).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException e)
        {
            SettleUnsent(call);
            environment.Telemetry.OnAbandoned(call.Traced, call.Attempt - 1, call.ReasonFor(e));
            throw;
        }
        catch (SendRateLimitedException e)
        {
            _quota.Return(call.Retry.Cost);
            environment.Telemetry.OnNotSent(call.Traced, call.Attempt);
            if (call.Response is null && call.Exception is null)
            {
                throw;
            }

            throw e.After(call.Response?.StatusCode, call.Exception);
        }

        call.Waited += environment.TimeProvider.GetElapsedTime(start);
    }

    private async Task AcquireAsync<TSender>(TSender sender, CallState call)
        where TSender : struct, IAttemptSender
    {
        var queuedAt = environment.TimeProvider.GetTimestamp();
        var acquired = _limiter.AcquireAsync(call.TimeLeft, call.CancellationToken);
        var isQueued = !acquired.IsCompleted;
        call.Permit = await sender.Complete(acquired).ConfigureAwait(false);
        call.TokenWait = isQueued ? environment.TimeProvider.GetElapsedTime(queuedAt) : TimeSpan.Zero;
        call.CancellationToken.ThrowIfCancellationRequested();
    }
}
