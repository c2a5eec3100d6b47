namespace RetryHandler.Classification;

/// <summary>Judges outcomes: the user's classifiers first, then error codes, then the status or the exception.</summary>
internal sealed class HttpOutcomeClassifier(ClassificationSettings settings, TimeProvider timeProvider)
{
    /// <summary>Judges one outcome; reads the first bytes of an error body, and leaves a success alone.</summary>
    public ValueTask<AttemptVerdict> ClassifyAsync(in AttemptOutcome outcome, CancellationToken cancellationToken) =>
        outcome.Response is not { } response ? new(Classify(outcome))
        : (int)response.StatusCode < 400 ? default
        : ClassifyErrorAsync(response, cancellationToken);

    private async ValueTask<AttemptVerdict> ClassifyErrorAsync(
        HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await ErrorBodyReader.PeekAsync(
            response, settings.MaxErrorBodyBytes, settings.ErrorBodyTimeout, timeProvider, cancellationToken)
            .ConfigureAwait(false);
        return Classify(new AttemptOutcome(response, body));
    }

    private AttemptVerdict Classify(in AttemptOutcome outcome)
    {
        foreach (var classifier in settings.Classifiers)
        {
            if (classifier.Classify(outcome) is { } verdict)
            {
                return verdict;
            }
        }

        return outcome.Response is { } response
            ? ClassifyResponse(response, outcome.Body.Span)
            : ExceptionRules.Classify(outcome.Exception!);
    }

    private AttemptVerdict ClassifyResponse(HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        var status = (int)response.StatusCode;
        var kind = settings.ThrottledStatusCodes.Contains(status) ? FailureKind.Throttled
            : settings.TransientStatusCodes.Contains(status) ? FailureKind.Transient
            : FailureKind.Permanent;
        return new AttemptVerdict { Kind = kind, Rule = "status" };
    }
}
