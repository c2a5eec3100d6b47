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
    RetryDecider decider,
    RetryCallbacks callbacks,
    RetryEnvironment environment)
{
    private readonly PartitionTelemetry _telemetry = environment.Telemetry;
    private readonly RetryQuota _quota = learned.Quota;

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
        var decider = new RetryDecider(settings, learned, environment.NextDouble);
        var callbacks = new RetryCallbacks(options.OnRetry, options.OnStop, learned, environment);
        return new RetryLoop(settings, learned, turns, runner, decider, callbacks, environment);
    }

    /// <summary>Makes a loop with the same settings for callers who learn by themselves.</summary>
    public RetryLoop For(LearnedState others, RetryEnvironment theirs) => new(
        settings,
        others,
        new SendTurns(settings, others, theirs),
        runner,
        new RetryDecider(settings, others, theirs.NextDouble),
        callbacks.For(others, theirs),
        theirs);

    /// <summary>Runs one call to its end.</summary>
    /// <returns>The last attempt's outcome: the upstream's response, or the exception of the inner handlers.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled during a wait.</exception>
    /// <exception cref="SendRateLimitedException">The upstream throttles, and this attempt was not sent.</exception>
    public ValueTask<AttemptOutcome> RunAsync<TSender>(
        TSender sender, HttpRequestMessage? request, CancellationToken cancellationToken)
        where TSender : struct, IAttemptSender =>
        (RequestTimeouts.Find(request) ?? settings.TotalTimeout) is { } limit
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
        if (request?.Content is not null && (settings.MaxAttempts > 1 || call.Replay.MaxAttempts > 1))
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
            verdict = turns.Report(outcome, verdict, turn.Permit, retry);
            if (verdict.Kind == FailureKind.None)
            {
                // 5. Success.
                _telemetry.OnEnd(call.Told, attempt, RetryStopReason.Succeeded, verdict, outcome.Response?.StatusCode);
                _quota.OnSuccess(atFirstTry: attempt == 1, retry.Cost);
                return AdaptiveRetryInfos.Attach(outcome, new(attempt, RetryStopReason.Succeeded, waited));
            }

            // 6. Plan; the first "no" is the stop reason.
            retry = decider.Decide(verdict, attempt, call);
            if (callbacks.HasOnRetry && retry.Stop is null)
            {
                // The outcome goes through and comes back: kept over an await, it makes every call's state larger.
                outcome = await callbacks.AskAsync(sender, call, outcome, attempt, retry)
                    .ConfigureAwait(sender.ContinueOnCapturedContext);
                retry = outcome.IsVetoed ? RetryDecision.StopFor(RetryStopReason.Vetoed) : retry;
            }

            if (retry.Stop is { } reason)
            {
                // 7. The upstream's last response, or the last exception.
                var info = new AdaptiveRetryInfo(attempt, reason, waited);
                AdaptiveRetryInfos.Attach(outcome, info);
                TellEnd(call, outcome, info);
                if (callbacks.HasOnStop)
                {
                    return await callbacks.StopAsync(sender, call, outcome, info)
                        .ConfigureAwait(sender.ContinueOnCapturedContext);
                }

                return outcome;
            }

            // 8. Go again. Released before the wait, not after it: an undisposed response holds its connection.
            TellRetry(call, outcome, attempt, retry);
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

    // The verdict is taken from the outcome: kept over an await, it would make every call's state larger.
    private void TellEnd(CallContext call, in AttemptOutcome outcome, AdaptiveRetryInfo info) => _telemetry.OnEnd(
        call.Told, info.Attempts, info.StopReason, outcome.Verdict.GetValueOrDefault(), outcome.Response?.StatusCode);

    private void TellRetry(CallContext call, in AttemptOutcome outcome, int attempt, RetryDecision retry) =>
        _telemetry.OnRetry(
            call.Told, attempt, outcome.Verdict.GetValueOrDefault(), retry.Delay, outcome.Response?.StatusCode);

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
