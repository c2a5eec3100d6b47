using RetryHandler.Classification;
using RetryHandler.Quota;
using RetryHandler.RateLimiting;
using RetryHandler.Replay;
using RetryHandler.Telemetry;

namespace RetryHandler.Retry;

/// <summary>
/// The algorithm: wait for a send token, send, judge, report, then return the outcome or wait and send again.
/// </summary>
/// <remarks>
/// Both doors, the HTTP handler and the Polly strategy, run this loop. In synchronous calls every wait blocks, so that
/// the returned task is complete. Thread-safe: what belongs to one call lives on that call's stack.
/// </remarks>
internal sealed class RetryLoop(
    RetrySettings settings,
    LearnedState learned,
    SendTurns turns,
    AttemptRunner runner,
    RetryEnvironment environment)
{
    private readonly PartitionTelemetry _telemetry = environment.Telemetry;
    private readonly RetryQuota _quota = learned.Quota;
    private readonly SendRateLimiter _limiter = learned.Limiter;

    /// <summary>Gets the most attempts that one call can make.</summary>
    public int MaxAttempts => settings.MaxAttempts;

    public ClientTelemetry Telemetry => environment.Telemetry.Client;

    public static RetryLoop Create(
        LearnedState learned,
        AdaptiveRetryOptions options,
        IAttemptPipeline? attemptPipeline,
        RetryEnvironment environment)
    {
        var classifier = new HttpOutcomeClassifier(
            new ClassificationSettings(options.Classification), environment.TimeProvider);
        var runner = new AttemptRunner(options.AttemptTimeout, classifier, attemptPipeline, environment.TimeProvider);
        var settings = RetrySettings.From(options);
        var turns = new SendTurns(settings, learned, environment);
        return new RetryLoop(settings, learned, turns, runner, environment);
    }

    /// <summary>Runs one call to its end.</summary>
    /// <returns>The last attempt's outcome: the upstream's response, or the exception of the inner handlers.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled during a wait.</exception>
    /// <exception cref="SendRateLimitedException">The upstream throttles, and this attempt was not sent.</exception>
    public ValueTask<AttemptOutcome> RunAsync<TSender>(
        TSender sender, HttpRequestMessage? request, CancellationToken cancellationToken)
        where TSender : struct, IAttemptSender =>
        settings.TotalTimeout is { } limit
            ? RunWithinAsync(limit, sender, request, cancellationToken)
            : RunAttemptsAsync(sender, request, default, cancellationToken, cancellationToken);

    private async ValueTask<AttemptOutcome> RunAttemptsAsync<TSender>(
        TSender sender,
        HttpRequestMessage? request,
        Deadline deadline,
        CancellationToken caller,
        CancellationToken cancellationToken)
        where TSender : struct, IAttemptSender
    {
        var trace = _telemetry.BeginTrace();
        var call = new CallContext(
            request, new RequestReplay(request), deadline, trace, caller, cancellationToken);
        if (settings.MaxAttempts > 1 && request?.Content is not null)
        {
            var isBuffered = await BufferAsync(sender, call).ConfigureAwait(sender.ContinueOnCapturedContext);
            call = call with { Replay = call.Replay with { IsBuffered = isBuffered } };
        }

        if (settings.QuotaEnabled)
        {
            _quota.OnCall();
        }

        var outcome = default(AttemptOutcome);
        var retry = default(RetryDecision);
        var waited = TimeSpan.Zero;
        for (var attempt = 1; ; attempt++)
        {
            // 1. A send token, directly before the send and after any backoff.
            var turn = await turns.WaitAsync(sender, call, attempt, retry, outcome)
                .ConfigureAwait(sender.ContinueOnCapturedContext);
            waited += turn.Waited;
            _telemetry.OnTokenWait(call.Told, turn.TokenWait);

            // 2. and 3. Send and judge, once.
            outcome = await AttemptAsync(sender, call, attempt, turn.Permit, retry)
                .ConfigureAwait(sender.ContinueOnCapturedContext);
            if (outcome.Verdict is not { } verdict)
            {
                return outcome; // The caller left. That says nothing about the upstream, so nobody learns from it.
            }

            // 4. Report before deciding, whatever is decided: hung on the retry branch, the report would be missing for
            // the last attempt and for clients without retries (aws/aws-sdk-net#4384).
            turns.Report(outcome, verdict, turn.Permit, retry);
            if (verdict.Kind == FailureKind.None)
            {
                // 5. Success.
                _telemetry.OnEnd(call.Told, attempt, RetryStopReason.Succeeded, verdict, outcome.Response?.StatusCode);
                _quota.OnSuccess(atFirstTry: attempt == 1, retry.Cost);
                return AdaptiveRetryInfos.Attach(outcome, new(attempt, RetryStopReason.Succeeded, waited));
            }

            // 6. Plan; the first "no" is the stop reason.
            retry = Decide(verdict, attempt, call);
            if (retry.Stop is { } reason)
            {
                // 7. The upstream's last response, or the last exception.
                _telemetry.OnEnd(call.Told, attempt, reason, verdict, outcome.Response?.StatusCode);
                return AdaptiveRetryInfos.Attach(outcome, new(attempt, reason, waited));
            }

            // 8. Go again. Released before the wait, not after it: an undisposed response holds its connection.
            _telemetry.OnRetry(call.Told, attempt, verdict, retry.Delay, outcome.Response?.StatusCode);
            outcome.Response?.Dispose();
        }
    }

    /// <summary>Reads a small forward-only content into memory, so that it can be sent again.</summary>
    private async ValueTask<bool> BufferAsync<TSender>(TSender sender, CallContext call)
        where TSender : struct, IAttemptSender
    {
        try
        {
            var buffering = call.Replay.BufferIfSmallAsync(
                settings.MaxBufferedBytes, sender.IsSynchronous, call.CancellationToken);
            return await sender.Complete(buffering).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _telemetry.OnAbandoned(call.Told, attempts: 0, call.ReasonFor(e));
            throw;
        }
    }

    /// <summary>Sends and judges; without a verdict when the caller left meanwhile.</summary>
    private async ValueTask<AttemptOutcome> AttemptAsync<TSender>(
        TSender sender, CallContext call, int attempt, SendPermit permit, RetryDecision retry)
        where TSender : struct, IAttemptSender
    {
        var isSent = false;
        try
        {
            if (attempt > 1)
            {
                call.Replay.Restore();
            }

            isSent = true;
            var outcome = await runner.RunAsync(sender, call.Request, call.CancellationToken).ConfigureAwait(false);
            if (outcome.Verdict is not { } verdict)
            {
                turns.SettleWithoutVerdict(call, permit, retry);
                Abandon(call, attempt, !outcome.WasNeverSent, outcome.Exception!);
            }
            else if (!verdict.NeverSent)
            {
                _telemetry.OnAttempt(call.Told, attempt, verdict, outcome.Response?.StatusCode);
            }

            return outcome;
        }
        catch (Exception e)
        {
            // A classifier of the user's threw, or the caller left while an error body came in.
            turns.SettleWithoutVerdict(call, permit, retry);
            Abandon(call, attempt, isSent, e);
            throw;
        }
    }

    private void Abandon(CallContext call, int attempt, bool isSent, Exception exception)
    {
        if (isSent)
        {
            _telemetry.OnAttemptAbandoned(call.Told);
        }

        _telemetry.OnAbandoned(call.Told, isSent ? attempt : attempt - 1, call.ReasonFor(exception));
    }

    private RetryDecision Decide(in AttemptVerdict verdict, int attempt, CallContext call)
    {
        var replay = call.Replay;
        var situation = new RetrySituation(
            attempt,
            replay.IsDisabled,
            replay.CanReplay,
            replay.IsIdempotent,
            replay.HasBecomeAnother,
            call.Deadline.TimeLeft,
            learned.Successes.DelayFactor);
        var decision = RetryPlanner.Plan(settings, verdict, situation, environment.NextDouble);
        if (decision.Stop is not null)
        {
            return decision;
        }

        // While the upstream's response is still at hand: it says more than an exception of ours would later.
        if (settings.SendRateEnabled && _limiter.WouldRefuse(decision.Delay, situation.TimeLeft))
        {
            return RetryDecision.StopFor(RetryStopReason.SendRateLimited);
        }

        return settings.QuotaEnabled && !_quota.TryTake(decision.Cost)
            ? RetryDecision.StopFor(RetryStopReason.RetryQuotaExhausted)
            : decision;
    }

    private async ValueTask<AttemptOutcome> RunWithinAsync<TSender>(
        TimeSpan limit, TSender sender, HttpRequestMessage? request, CancellationToken cancellationToken)
        where TSender : struct, IAttemptSender
    {
        using var timeout = new TimeoutScope(limit, environment.TimeProvider, cancellationToken);
        try
        {
            var deadline = Deadline.After(limit, environment.TimeProvider);
            var outcome = await RunAttemptsAsync(sender, request, deadline, cancellationToken, timeout.Token)
                .ConfigureAwait(sender.ContinueOnCapturedContext);
            return outcome.Exception is OperationCanceledException e
                ? new AttemptOutcome(timeout.Attribute(e, "call"))
                : outcome;
        }
        catch (OperationCanceledException e) when (timeout.Attribute(e, "call") is var attributed && attributed != e)
        {
            throw attributed;
        }
    }
}
