using RetryHandler.Classification;
using RetryHandler.RateLimiting;
using RetryHandler.Replay;
using RetryHandler.Telemetry;

namespace RetryHandler.Retry;

/// <summary>
/// The algorithm: wait for a send token, send, judge, report, then return the outcome or wait and send again.
/// </summary>
/// <remarks>
/// Both doors, the HTTP handler and the Polly strategy, run this loop. In synchronous calls every wait blocks, so that
/// the returned task is complete. Thread-safe: what belongs to one call lives in that call's <see cref="CallState"/>.
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
    private readonly CallReports _reports = new(settings, learned, turns, environment);

    /// <summary>Gets the most attempts that one call can make.</summary>
    public int MaxAttempts => settings.MaxAttempts;

    public ClientTelemetry Telemetry => environment.Telemetry.Client;

    public static RetryLoop Create(
        LearnedState learned,
        AdaptiveRetryOptions options,
        SendRateControllerKind law,
        IAttemptPipeline? attemptPipeline,
        RetryEnvironment environment)
    {
        var classifier = new HttpOutcomeClassifier(
            new ClassificationSettings(options.Classification), environment.TimeProvider);
        var runner = new AttemptRunner(options.AttemptTimeout, classifier, attemptPipeline, environment.TimeProvider);
        var settings = RetrySettings.From(options, law);
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
    /// <returns>The upstream's last response; what the inner handlers threw last, in the task.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled during a wait.</exception>
    /// <exception cref="SendRateLimitedException">The upstream throttles, and this attempt was not sent.</exception>
    public ValueTask<HttpResponseMessage> RunAsync<TSender>(
        TSender sender, HttpRequestMessage? request, CancellationToken cancellationToken)
        where TSender : struct, IAttemptSender =>
        (RequestTables.TotalTimeouts.TryFind(request, out var own) ? own : settings.TotalTimeout) is { } limit
            ? RunWithinAsync(limit, sender, request, cancellationToken)
            : BeginAsync(sender, CallState.Begin(request, _telemetry.BeginTrace(), total: null, cancellationToken));

    /// <summary>Runs the attempts of one call.</summary>
    /// <param name="sender">The door.</param>
    /// <param name="call">The call.</param>
    /// <param name="attempt">The first attempt, if it was sent already; ended or not.</param>
    public async Task<HttpResponseMessage> RunAttemptsAsync<TSender>(TSender sender, CallState call, Task? attempt)
        where TSender : struct, IAttemptSender
    {
        for (; ; attempt = null)
        {
            if (attempt is null)
            {
                // 1. A send token, directly before the send and after any backoff.
                await turns.WaitAsync(sender, call).ConfigureAwait(sender.ContinueOnCapturedContext);

                // 2. Send.
                attempt = SendAsync(sender, call);
            }

            await attempt.ConfigureAwait(AttemptRunner.HowToWait(sender));

            // 3. Judge, once.
            await JudgeAsync(sender, call, attempt).ConfigureAwait(sender.ContinueOnCapturedContext);

            // 4. Report before deciding, whatever is decided: hung on the retry branch, the report would be missing for
            // the last attempt and for clients without retries (aws/aws-sdk-net#4384).
            _reports.OnJudged(call);
            if (call.Verdict.Kind == FailureKind.None)
            {
                // 5. Success.
                _reports.OnSuccess(call);
                return call.Finish();
            }

            // 6. Plan; the first "no" is the stop reason.
            call.Retry = decider.Decide(call);
            if (callbacks.HasOnRetry && call.Retry.Stop is null)
            {
                await callbacks.AskAsync(sender, call).ConfigureAwait(sender.ContinueOnCapturedContext);
            }

            if (call.Retry.Stop is { } reason)
            {
                // 7. The upstream's last response, or the last exception.
                var info = _reports.OnStop(call, reason);
                if (callbacks.HasOnStop)
                {
                    await callbacks.StopAsync(sender, call, info).ConfigureAwait(sender.ContinueOnCapturedContext);
                }

                return call.Finish();
            }

            // 8. Go again. Released before the wait, not after it: an undisposed response holds its connection.
            _reports.OnRetry(call);
            call.Response?.Dispose();
            call.Attempt = call.Sent + 1;
        }
    }

    /// <summary>Ends a call if its first attempt is a success beyond doubt, as nearly every one is.</summary>
    public bool TryFinish(CallState call, HttpResponseMessage? response)
    {
        if (!runner.IsPlainSuccess(response))
        {
            return false;
        }

        _reports.OnSuccessAtOnce(call, response);
        call.FinishAtOnce();
        return true;
    }

    private ValueTask<HttpResponseMessage> BeginAsync<TSender>(TSender sender, CallState call)
        where TSender : struct, IAttemptSender =>
        call.Replay.NeedsBuffer(settings.MaxAttempts) ? BufferAsync(sender, call) : SendFirstAsync(sender, call);

    /// <summary>Sends the first attempt before the loop, which a call that then succeeds does not need.</summary>
    /// <remarks>
    /// When the answer is there at once that saves the loop's task and the start of its state machine, 72 B and 25 ns;
    /// when it comes later, what <see cref="FirstAttempt{TSender}"/> tells.
    /// </remarks>
    private ValueTask<HttpResponseMessage> SendFirstAsync<TSender>(TSender sender, CallState call)
        where TSender : struct, IAttemptSender
    {
        _reports.OnCall();
        if (!runner.IsDirect || !turns.TryTake(call))
        {
            return new(RunAttemptsAsync(sender, call, attempt: null));
        }

#pragma warning disable CA2012 // Looked at more than once, which IAttemptSender allows.
        var attempt = sender.SendAsync(call.Request, call.CancellationToken);
        return !attempt.IsCompleted ? new(call.FirstAttempt<TSender>().WaitAsync(this, sender, attempt.AsTask()))
            : attempt.IsCompletedSuccessfully && TryFinish(call, attempt.Result) ? attempt
            : new(RunAttemptsAsync(sender, call, attempt.AsTask()));
#pragma warning restore CA2012
    }

    /// <summary>Reads a small forward-only content into memory, so that it can be sent again.</summary>
    private async ValueTask<HttpResponseMessage> BufferAsync<TSender>(TSender sender, CallState call)
        where TSender : struct, IAttemptSender
    {
        try
        {
            var buffering = call.Replay.BufferAsync(
                settings.MaxBufferedBytes, sender.IsSynchronous, call.CancellationToken);
            await sender.Complete(buffering).ConfigureAwait(sender.ContinueOnCapturedContext);
        }
        catch (Exception e)
        {
            _telemetry.OnAbandoned(call.Traced, attempts: 0, call.ReasonFor(e));
            throw;
        }

        return await SendFirstAsync(sender, call).ConfigureAwait(sender.ContinueOnCapturedContext);
    }

    private Task SendAsync<TSender>(TSender sender, CallState call)
        where TSender : struct, IAttemptSender
    {
        try
        {
            _telemetry.OnTokenWait(call.Traced, call.TokenWait);
            call.Renew();
            return runner.SendAsync(sender, call);
        }
        catch (Exception e)
        {
            // The caller has disposed of the message meanwhile, or somebody who listens threw.
            _reports.OnAbandoned(call, isSent: false, e);
            throw;
        }
    }

    /// <summary>Judges an attempt that has ended; throws when the caller left meanwhile.</summary>
    private Task JudgeAsync<TSender>(TSender sender, CallState call, Task attempt)
        where TSender : struct, IAttemptSender
    {
        var judging = runner.JudgeAsync(sender, call, attempt);
        return judging.IsCompletedSuccessfully && judging.Result ? Task.CompletedTask : EndAsync(call, judging);
    }

    /// <summary>Waits for a verdict, or ends a call for which there is none.</summary>
    private async Task EndAsync(CallState call, Task<bool> judging)
    {
        try
        {
            if (await judging.ConfigureAwait(false))
            {
                return;
            }
        }
        catch (Exception e)
        {
            // A classifier of the user's threw, or the caller left while an error body came in.
            _reports.OnAbandoned(call, isSent: true, e);
            throw;
        }

        // The caller left. That says nothing about the upstream, so nobody learns from it.
        _reports.OnAbandoned(call, isSent: !call.WasNeverSent, call.Exception!);
        call.Finish();
    }

    private async ValueTask<HttpResponseMessage> RunWithinAsync<TSender>(
        TimeSpan limit, TSender sender, HttpRequestMessage? request, CancellationToken caller)
        where TSender : struct, IAttemptSender
    {
        using var timeout = new TimeoutScope(limit, environment.TimeProvider, caller);
        try
        {
            var call = CallState.Begin(request, _telemetry.BeginTrace(), timeout, timeout.Token);
            return await BeginAsync(sender, call).ConfigureAwait(sender.ContinueOnCapturedContext);
        }
        catch (OperationCanceledException e) when (timeout.Attribute(e, "call") is var attributed && attributed != e)
        {
            throw attributed;
        }
    }
}
