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
    RetryQuota quota,
    SendRateLimiter limiter,
    HttpOutcomeClassifier classifier,
    AttemptRunner runner,
    RetryEnvironment environment)
{
    /// <summary>Gets the most attempts that one call can make.</summary>
    public int MaxAttempts => Math.Max(settings.Transient.MaxAttempts, settings.Throttled.MaxAttempts);

    public RetryTelemetry Telemetry => environment.Telemetry;

    public static RetryLoop Create(
        RetryQuota quota,
        SendRateLimiter limiter,
        AdaptiveRetryOptions options,
        IAttemptPipeline? attemptPipeline,
        RetryEnvironment environment) =>
        new(
            RetrySettings.From(options),
            quota,
            limiter,
            new HttpOutcomeClassifier(new ClassificationSettings(options.Classification), environment.TimeProvider),
            new AttemptRunner(options.AttemptTimeout, attemptPipeline, environment.TimeProvider),
            environment);

    /// <summary>Runs one call to its end.</summary>
    /// <returns>The last attempt's outcome: the upstream's response, or the exception of the inner handlers.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled during a wait.</exception>
    /// <exception cref="SendRateLimitedException">The upstream throttles and nothing was sent.</exception>
    public ValueTask<AttemptOutcome> RunAsync<TSender>(
        TSender sender, HttpRequestMessage? request, CancellationToken cancellationToken)
        where TSender : struct, IAttemptSender =>
        settings.TotalTimeout is { } limit
            ? RunWithinAsync(limit, sender, request, cancellationToken)
            : RunAsync(sender, request, default, cancellationToken);

    private async ValueTask<AttemptOutcome> RunAsync<TSender>(
        TSender sender, HttpRequestMessage? request, Deadline deadline, CancellationToken cancellationToken)
        where TSender : struct, IAttemptSender
    {
        var replay = request is null ? default(RequestReplay?) : new RequestReplay(request, settings.MaxBufferedBytes);
        if (replay is { Capability: ContentCapability.Bufferable } bufferable)
        {
            await sender.Complete(new ValueTask(bufferable.BufferAsync(cancellationToken))).ConfigureAwait(false);
        }

        var decision = default(RetryDecision);
        var waited = TimeSpan.Zero;
        for (var attempt = 1; ; attempt++)
        {
            waited += await WaitForTurnAsync(sender, decision, deadline, cancellationToken).ConfigureAwait(false);
            if (attempt > 1)
            {
                replay?.Restore();
            }

            var outcome = await runner.SendAsync(sender, request, cancellationToken).ConfigureAwait(false);
            if (outcome.Exception is not null && cancellationToken.IsCancellationRequested)
            {
                // The caller left. That says nothing about the upstream: nobody learns from it, nothing is charged.
                quota.Return(decision.Cost);
                limiter.OnNoResponse();
                return outcome;
            }

            var verdict = await JudgeAsync(sender, outcome, cancellationToken).ConfigureAwait(false);

            // Report before deciding, whatever is decided: hung on the retry branch, the report would be missing for the
            // last attempt and for clients without retries (aws/aws-sdk-net#4384).
            Report(outcome, verdict);
            if (verdict.Kind == FailureKind.None)
            {
                quota.Return(attempt == 1 ? settings.FirstTryRefund : decision.Cost);
                return Finish(outcome, request, new(attempt, RetryStopReason.Succeeded, waited));
            }

            decision = Decide(verdict, attempt, replay, deadline);
            if (decision.Stop is { } reason)
            {
                environment.Telemetry.OnStop(request, attempt, verdict, reason);
                return Finish(outcome, request, new(attempt, reason, waited));
            }

            environment.Telemetry.OnRetry(request, attempt, verdict, decision.Delay);

            // Before the wait, not after it: an undisposed response holds its connection all the while.
            outcome.Response?.Dispose();
        }
    }

    /// <summary>Waits for the backoff and then, directly before the send, for a token.</summary>
    private async ValueTask<TimeSpan> WaitForTurnAsync<TSender>(
        TSender sender, RetryDecision decision, Deadline deadline, CancellationToken cancellationToken)
        where TSender : struct, IAttemptSender
    {
        if (decision.Delay == TimeSpan.Zero && !(settings.SendRateEnabled && limiter.IsLimiting))
        {
            return TimeSpan.Zero;
        }

        var start = environment.TimeProvider.GetTimestamp();
        try
        {
            await sender.Complete(Waits.DelayAsync(decision.Delay, environment.TimeProvider, cancellationToken))
                .ConfigureAwait(false);
            if (settings.SendRateEnabled)
            {
                await sender.Complete(limiter.AcquireAsync(deadline.TimeLeft, cancellationToken)).ConfigureAwait(false);
                ReturnTokenIfCanceled(cancellationToken);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SendRateLimitedException)
        {
            // The retry was paid for but never sent.
            quota.Return(decision.Cost);
            throw;
        }

        return environment.TimeProvider.GetElapsedTime(start);
    }

    private void ReturnTokenIfCanceled(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            limiter.Return();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async ValueTask<AttemptVerdict> JudgeAsync<TSender>(
        TSender sender, AttemptOutcome outcome, CancellationToken cancellationToken)
        where TSender : struct, IAttemptSender
    {
        try
        {
            return outcome.Verdict
                ?? await sender.Complete(classifier.ClassifyAsync(outcome, cancellationToken)).ConfigureAwait(false);
        }
        catch
        {
            // Cancelled while the error body came in, or a classifier of the user's threw: nobody will see the response.
            outcome.Response?.Dispose();
            limiter.OnNoResponse();
            throw;
        }
    }

    private void Report(in AttemptOutcome outcome, in AttemptVerdict verdict)
    {
        if (!settings.SendRateEnabled)
        {
            return;
        }

        if (verdict.NeverSent)
        {
            limiter.Return();
            return;
        }

        var throttled = verdict.Kind == FailureKind.Throttled;
        if (outcome.Response is null && !throttled)
        {
            // A broken connection says nothing about the upstream's limit, so it neither lowers nor raises the rate.
            limiter.OnNoResponse();
        }
        else if (limiter.OnResponse(throttled, throttled ? LongServerDelay(verdict) : null))
        {
            environment.Telemetry.OnSendRateChanged(limiter.State);
        }
    }

    /// <summary>Gets the upstream's delay if no call waits that long; nobody else is to be sent meanwhile either.</summary>
    private TimeSpan? LongServerDelay(in AttemptVerdict verdict) =>
        settings.ServerDelayEnabled && verdict.ServerDelay > settings.MaxServerDelay ? verdict.ServerDelay : null;

    private RetryDecision Decide(in AttemptVerdict verdict, int attempt, in RequestReplay? replay, Deadline deadline)
    {
        // Without a message (a pipeline of the user's own) the callback makes each request anew, of unknown effect.
        var situation = new RetrySituation(
            attempt,
            replay?.IsDisabled ?? false,
            replay?.Capability != ContentCapability.SingleShot,
            replay?.IsIdempotent ?? false,
            deadline.TimeLeft);
        var decision = RetryPlanner.Plan(settings, verdict, situation, environment.NextDouble);
        if (decision.Stop is not null)
        {
            return decision;
        }

        // While the upstream's response is still at hand: it says more than an exception of ours would later.
        if (settings.SendRateEnabled && limiter.WouldRefuse(decision.Delay, situation.TimeLeft))
        {
            return RetryDecision.StopFor(RetryStopReason.SendRateLimited);
        }

        return settings.QuotaEnabled && !quota.TryTake(decision.Cost)
            ? RetryDecision.StopFor(RetryStopReason.RetryQuotaExhausted)
            : decision;
    }

    private static AttemptOutcome Finish(in AttemptOutcome outcome, HttpRequestMessage? request, AdaptiveRetryInfo info)
    {
        // Nearly every call is one attempt without a wait: its info is the default and needs no entry.
        if (request is not null && info != AdaptiveRetryInfo.OneAttempt)
        {
            RequestMarks.SetInfo(request, info);
        }

        return outcome;
    }

    private async ValueTask<AttemptOutcome> RunWithinAsync<TSender>(
        TimeSpan limit, TSender sender, HttpRequestMessage? request, CancellationToken cancellationToken)
        where TSender : struct, IAttemptSender
    {
        using var timeout = new TimeoutScope(limit, environment.TimeProvider, cancellationToken);
        try
        {
            var deadline = Deadline.After(limit, environment.TimeProvider);
            var outcome = await RunAsync(sender, request, deadline, timeout.Token).ConfigureAwait(false);
            return outcome.Exception is OperationCanceledException e
                ? new AttemptOutcome(timeout.Attribute(e, "call"))
                : outcome;
        }
        catch (OperationCanceledException e)
        {
            throw timeout.Attribute(e, "call");
        }
    }
}
