namespace RetryHandler.Classification;

/// <summary>
/// Judges outcomes: reads what of a body is needed, asks the user's classifiers, then the built-in rules.
/// </summary>
internal sealed class HttpOutcomeClassifier(ClassificationSettings settings, TimeProvider timeProvider)
{
    private readonly ResponseClassifier _rules = new(settings, timeProvider);

    /// <summary>Gets whether a response is a success for which nothing has to be read and nobody asked.</summary>
    public bool IsPlainSuccess(HttpResponseMessage response) =>
        (int)response.StatusCode < 400 && !settings.InspectSuccessBodies && !_rules.HasGrpcStatus(response);

    /// <summary>Judges one outcome; reads the first bytes of an error body, and leaves a success alone.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled while the body was awaited.</exception>
    public ValueTask<AttemptVerdict> ClassifyAsync(in AttemptOutcome outcome, CancellationToken cancellationToken) =>
        outcome.Exception is { } exception ? new(AskUser(outcome) ?? ExceptionRules.Classify(exception))
        : outcome.Response is not { } response ? default
        : (int)response.StatusCode >= 400 || SuccessBody.IsInspected(response, settings)
            ? ClassifyBodyAsync(response, cancellationToken)
        : _rules.HasGrpcStatus(response) ? new(ClassifyCall(response))
        : default;

    private ValueTask<AttemptVerdict> ClassifyBodyAsync(
        HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var peek = ErrorBodyReader.PeekAsync(
            response, settings.MaxErrorBodyBytes, settings.ErrorBodyTimeout, timeProvider, cancellationToken);
        return peek.IsCompletedSuccessfully && settings.Classifiers.Count == 0
            ? new(Classify(response, peek.Result))
            : ClassifyBodyAsync(response, peek);
    }

    private async ValueTask<AttemptVerdict> ClassifyBodyAsync(
        HttpResponseMessage response, ValueTask<ReadOnlyMemory<byte>> peek)
    {
        try
        {
            var body = await peek.ConfigureAwait(false);
            return AskUser(new AttemptOutcome(response, body)) ?? Classify(response, body);
        }
        catch
        {
            // The caller left, or a classifier of the user's threw: nobody will see the response any more.
            response.Dispose();
            throw;
        }
    }

    /// <summary>Judges a gRPC call that failed; its status is in the headers.</summary>
    private AttemptVerdict ClassifyCall(HttpResponseMessage response)
    {
        try
        {
            return AskUser(new AttemptOutcome(response)) ?? _rules.ClassifySuccess(response);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private AttemptVerdict Classify(HttpResponseMessage response, ReadOnlyMemory<byte> body) =>
        (int)response.StatusCode >= 400
            ? _rules.ClassifyError(response, body.Span)
            : _rules.ClassifySuccessBody(response, body.Span);

    private AttemptVerdict? AskUser(in AttemptOutcome outcome)
    {
        foreach (var classifier in settings.Classifiers)
        {
            if (classifier.Classify(outcome) is { } verdict)
            {
                // Whoever knows the outcome better need not know how upstreams write delays.
                return outcome.Response is { } response ? _rules.WithDelay(verdict, response) : verdict;
            }
        }

        return null;
    }
}
