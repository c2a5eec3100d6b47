namespace RetryHandler.Retry;

/// <summary>Calls the application back. Its exceptions are the caller's, and nothing is left behind by them.</summary>
internal sealed class RetryCallbacks(
    Func<OnAdaptiveRetryArguments, ValueTask<bool>>? onRetry,
    Func<OnAdaptiveRetryStopArguments, ValueTask>? onStop,
    LearnedState learned,
    RetryEnvironment environment)
{
    public bool HasOnRetry => onRetry is not null;

    public bool HasOnStop => onStop is not null;

    /// <summary>Makes the same callbacks for callers who learn by themselves.</summary>
    public RetryCallbacks For(LearnedState others, RetryEnvironment theirs) => new(onRetry, onStop, others, theirs);

    /// <summary>Asks whether a planned retry may be made; gives back what it paid if not.</summary>
    /// <returns>The outcome, with the answer.</returns>
    public async ValueTask<AttemptOutcome> AskAsync<TSender>(
        TSender sender, CallContext call, AttemptOutcome outcome, int attempt, RetryDecision retry)
        where TSender : struct, IAttemptSender
    {
        var isAllowed = false;
        try
        {
            var arguments = new OnAdaptiveRetryArguments(
                environment.Telemetry.Client.Name,
                call.Request,
                outcome,
                outcome.Verdict.GetValueOrDefault(),
                attempt,
                retry.Delay,
                call.CancellationToken);
            isAllowed = await sender.Complete(onRetry!(arguments)).ConfigureAwait(sender.ContinueOnCapturedContext);
        }
        catch (Exception e)
        {
            outcome.Response?.Dispose();
            environment.Telemetry.OnAbandoned(call.Told, attempt, call.ReasonFor(e));
            throw;
        }
        finally
        {
            if (!isAllowed)
            {
                learned.Quota.Return(retry.Cost);
            }
        }

        return outcome with { IsVetoed = !isAllowed };
    }

    /// <summary>Tells that a failed call makes no further attempt.</summary>
    /// <returns>The outcome, for the caller.</returns>
    public async ValueTask<AttemptOutcome> StopAsync<TSender>(
        TSender sender, CallContext call, AttemptOutcome outcome, AdaptiveRetryInfo info)
        where TSender : struct, IAttemptSender
    {
        try
        {
            var arguments = new OnAdaptiveRetryStopArguments(
                environment.Telemetry.Client.Name,
                call.Request,
                outcome,
                outcome.Verdict.GetValueOrDefault(),
                info,
                call.CancellationToken);
            await sender.Complete(onStop!(arguments)).ConfigureAwait(sender.ContinueOnCapturedContext);
            return outcome;
        }
        catch
        {
            outcome.Response?.Dispose();
            throw;
        }
    }
}
