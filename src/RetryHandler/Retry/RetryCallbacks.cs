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

    /// <summary>
    /// Asks whether a planned retry may be made; if not, gives back what it paid and makes it a stop.
    /// </summary>
    public async Task AskAsync<TSender>(TSender sender, CallState call)
        where TSender : struct, IAttemptSender
    {
        var isAllowed = false;
        try
        {
            var arguments = new OnAdaptiveRetryArguments(
                environment.Telemetry.Client.Name,
                call.Request,
                call.Outcome,
                call.Verdict,
                call.Attempt,
                call.Retry.Delay,
                call.CancellationToken);
            isAllowed = await sender.Complete(onRetry!(arguments)).ConfigureAwait(sender.ContinueOnCapturedContext);
        }
        catch (Exception e)
        {
            call.Response?.Dispose();
            environment.Telemetry.OnAbandoned(call.Traced, call.Sent, call.ReasonFor(e));
            throw;
        }
        finally
        {
            if (!isAllowed)
            {
                learned.Quota.Return(call.Retry.Cost);
                call.Retry = RetryDecision.StopFor(RetryStopReason.Vetoed);
            }
        }
    }

    /// <summary>Tells that a failed call makes no further attempt.</summary>
    public async Task StopAsync<TSender>(TSender sender, CallState call, AdaptiveRetryInfo info)
        where TSender : struct, IAttemptSender
    {
        try
        {
            var arguments = new OnAdaptiveRetryStopArguments(
                environment.Telemetry.Client.Name,
                call.Request,
                call.Outcome,
                call.Verdict,
                info,
                call.CancellationToken);
            await sender.Complete(onStop!(arguments)).ConfigureAwait(sender.ContinueOnCapturedContext);
        }
        catch
        {
            call.Response?.Dispose();
            throw;
        }
    }
}
