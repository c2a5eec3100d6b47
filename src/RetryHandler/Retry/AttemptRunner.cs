using RetryHandler.Classification;

namespace RetryHandler.Retry;

/// <summary>Sends one attempt, within its time limit and through its pipeline, and judges it once.</summary>
internal sealed class AttemptRunner(
    TimeSpan? attemptTimeout,
    HttpOutcomeClassifier classifier,
    IAttemptPipeline? attemptPipeline,
    TimeProvider timeProvider)
{
    /// <summary>Gets whether nothing stands between the loop and the door.</summary>
    public bool IsDirect { get; } = attemptTimeout is null && attemptPipeline is null;

    /// <summary>Gets whether a response is a success beyond doubt, as nearly every one is.</summary>
    public bool IsPlainSuccess(HttpResponseMessage? response) =>
        response is null || classifier.IsPlainSuccess(response);

    /// <summary>Sends one attempt.</summary>
    /// <returns>The attempt; when it has ended, <see cref="JudgeAsync"/> looks at it.</returns>
    public Task SendAsync<TSender>(TSender sender, CallState call)
        where TSender : struct, IAttemptSender =>
        IsDirect
            ? sender.SendAsync(call.Request, call.CancellationToken).AsTask()
            : SendGuardedAsync(sender, call);

    /// <summary>
    /// Gets how to wait for an attempt: what it throws is an outcome, and costs less when it is not thrown here.
    /// </summary>
    public static ConfigureAwaitOptions HowToWait<TSender>(TSender sender)
        where TSender : struct, IAttemptSender =>
        ConfigureAwaitOptions.SuppressThrowing
        | (sender.ContinueOnCapturedContext
            ? ConfigureAwaitOptions.ContinueOnCapturedContext
            : ConfigureAwaitOptions.None);

    /// <summary>Judges what came of an attempt that has ended; what the inner handlers threw is an outcome.</summary>
    /// <returns>Whether that could be done; not so when the caller left meanwhile.</returns>
    public Task<bool> JudgeAsync<TSender>(TSender sender, CallState call, Task attempt)
        where TSender : struct, IAttemptSender
    {
        if (attempt is Task<HttpResponseMessage> direct)
        {
            Receive(call, direct);
        }
        else if (!attempt.IsCompletedSuccessfully)
        {
            // It takes its outcome itself; what it throws is a fault of a strategy.
            return FailAsync(attempt);
        }

        return call.IsJudged || (call.Exception is null && IsPlainSuccess(call.Response)) ? Task.FromResult(true)
            : call.Exception is not null && call.CancellationToken.IsCancellationRequested ? Task.FromResult(false)
            : ClassifyAsync(sender, call);
    }

    private static async Task<bool> FailAsync(Task attempt)
    {
        await attempt.ConfigureAwait(false);
        return false;
    }

    private static void Receive(CallState call, Task<HttpResponseMessage> attempt) => call.Take(
        !attempt.IsCompletedSuccessfully ? new AttemptOutcome(ExceptionOf(attempt))
        : attempt.Result is { } response ? new AttemptOutcome(response)
        : default);

    private static Exception ExceptionOf(Task attempt)
    {
        if (attempt.Exception is { InnerException: { } exception })
        {
            return exception;
        }

        try
        {
            // A cancelled task tells its exception only by throwing it.
            attempt.GetAwaiter().GetResult();
            throw new InvalidOperationException("The attempt has no exception.");
        }
        catch (OperationCanceledException e)
        {
            return e;
        }
    }

    /// <remarks>Nearly always at once, and then without the state machine of an asynchronous method.</remarks>
    private Task<bool> ClassifyAsync<TSender>(TSender sender, CallState call)
        where TSender : struct, IAttemptSender
    {
        try
        {
            var judging = sender.Complete(classifier.ClassifyAsync(call.Outcome, call.CancellationToken));
            if (!judging.IsCompletedSuccessfully)
            {
                return WaitAsync(call, judging);
            }

            Take(call, judging.Result);
            return Task.FromResult(true);
        }
        catch (Exception e)
        {
            // Of a classifier of the user's.
            return Task.FromException<bool>(e);
        }
    }

    private static async Task<bool> WaitAsync(CallState call, ValueTask<AttemptVerdict> judging)
    {
        Take(call, await judging.ConfigureAwait(false));
        return true;
    }

    /// <remarks>What ran out of time while a strategy held it back was certainly not processed.</remarks>
    private static void Take(CallState call, in AttemptVerdict verdict) => call.Verdict =
        call.WasNeverSent && verdict.IsRetryable ? verdict with { KnownNotProcessed = true } : verdict;

    private async Task SendGuardedAsync<TSender>(TSender sender, CallState call)
        where TSender : struct, IAttemptSender
    {
        var (request, token) = (call.Request, call.CancellationToken);
        call.Take(attemptTimeout is { } limit
            ? await SendWithinAsync(limit, sender, request, token).ConfigureAwait(sender.ContinueOnCapturedContext)
            : await SendThroughAsync(sender, request, token, token).ConfigureAwait(sender.ContinueOnCapturedContext));
    }

    /// <remarks>
    /// The attempt's token ends with its time limit; the call's does not, and what happens after the answer has come in
    /// runs under that.
    /// </remarks>
    private ValueTask<AttemptOutcome> SendThroughAsync<TSender>(
        TSender sender, HttpRequestMessage? request, CancellationToken attemptToken, CancellationToken callToken)
        where TSender : struct, IAttemptSender =>
        attemptPipeline is null
            ? sender.TrySendAsync(request, attemptToken)
            : sender.Complete(attemptPipeline.SendAsync(sender, request, classifier, attemptToken, callToken));

    private async ValueTask<AttemptOutcome> SendWithinAsync<TSender>(
        TimeSpan limit, TSender sender, HttpRequestMessage? request, CancellationToken callToken)
        where TSender : struct, IAttemptSender
    {
        using var timeout = new TimeoutScope(limit, timeProvider, callToken);
        var outcome = await SendThroughAsync(sender, request, timeout.Token, callToken)
            .ConfigureAwait(sender.ContinueOnCapturedContext);
        return outcome.Exception is OperationCanceledException e
            ? new AttemptOutcome(timeout.Attribute(e, "attempt")) { WasNeverSent = outcome.WasNeverSent }
            : outcome;
    }
}
