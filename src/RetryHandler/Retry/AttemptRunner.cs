namespace RetryHandler.Retry;

/// <summary>Sends one attempt, within its time limit and through its pipeline.</summary>
internal sealed class AttemptRunner(
    TimeSpan? attemptTimeout,
    IAttemptPipeline? attemptPipeline,
    TimeProvider timeProvider)
{
    /// <summary>Sends; an exception of the inner handlers is an outcome, not thrown.</summary>
    public ValueTask<AttemptOutcome> SendAsync<TSender>(
        TSender sender, HttpRequestMessage? request, CancellationToken cancellationToken)
        where TSender : struct, IAttemptSender =>
        attemptTimeout is { } limit ? SendWithinAsync(limit, sender, request, cancellationToken)
        : attemptPipeline is null ? sender.SendAsync(cancellationToken)
        : sender.Complete(attemptPipeline.SendAsync(sender, request, cancellationToken));

    private async ValueTask<AttemptOutcome> SendWithinAsync<TSender>(
        TimeSpan limit, TSender sender, HttpRequestMessage? request, CancellationToken cancellationToken)
        where TSender : struct, IAttemptSender
    {
        using var timeout = new TimeoutScope(limit, timeProvider, cancellationToken);
        var outcome = attemptPipeline is null
            ? await sender.SendAsync(timeout.Token).ConfigureAwait(false)
            : await sender.Complete(attemptPipeline.SendAsync(sender, request, timeout.Token)).ConfigureAwait(false);
        return outcome.Exception is OperationCanceledException e
            ? new AttemptOutcome(timeout.Attribute(e, "attempt"))
            : outcome;
    }
}
