using RetryHandler.Classification;

namespace RetryHandler.Retry;

/// <summary>Sends one attempt, within its time limit and through its pipeline, and judges it once.</summary>
internal sealed class AttemptRunner(
    TimeSpan? attemptTimeout,
    HttpOutcomeClassifier classifier,
    IAttemptPipeline? attemptPipeline,
    TimeProvider timeProvider)
{
    /// <summary>Runs one attempt.</summary>
    /// <returns>The outcome with its verdict; without one when the caller cancelled.</returns>
    public async ValueTask<AttemptOutcome> RunAsync<TSender>(
        TSender sender, HttpRequestMessage? request, CancellationToken cancellationToken)
        where TSender : struct, IAttemptSender
    {
        var outcome = attemptTimeout is { } limit
            ? await SendWithinAsync(limit, sender, request, cancellationToken).ConfigureAwait(false)
            : await SendAsync(sender, request, cancellationToken, cancellationToken).ConfigureAwait(false);
        if (outcome is { Response: null, Exception: null })
        {
            return outcome with { Verdict = default(AttemptVerdict) };
        }

        if (outcome.Verdict is not null || (outcome.Exception is not null && cancellationToken.IsCancellationRequested))
        {
            return outcome;
        }

        var verdict = await sender.Complete(classifier.ClassifyAsync(outcome, cancellationToken)).ConfigureAwait(false);
        return outcome with { Verdict = verdict };
    }

    /// <remarks>
    /// The attempt's token ends with its time limit; the call's does not, and what happens after the answer has come in
    /// runs under that.
    /// </remarks>
    private ValueTask<AttemptOutcome> SendAsync<TSender>(
        TSender sender, HttpRequestMessage? request, CancellationToken attemptToken, CancellationToken callToken)
        where TSender : struct, IAttemptSender =>
        attemptPipeline is null
            ? sender.SendAsync(attemptToken)
            : sender.Complete(attemptPipeline.SendAsync(sender, request, classifier, attemptToken, callToken));

    private async ValueTask<AttemptOutcome> SendWithinAsync<TSender>(
        TimeSpan limit, TSender sender, HttpRequestMessage? request, CancellationToken callToken)
        where TSender : struct, IAttemptSender
    {
        using var timeout = new TimeoutScope(limit, timeProvider, callToken);
        var outcome = await SendAsync(sender, request, timeout.Token, callToken).ConfigureAwait(false);
        return outcome.Exception is OperationCanceledException e
            ? new AttemptOutcome(timeout.Attribute(e, "attempt"))
            : outcome;
    }
}
