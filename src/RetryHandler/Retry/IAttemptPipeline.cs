using RetryHandler.Classification;

namespace RetryHandler.Retry;

/// <summary>What each attempt runs inside: the strategies between the send token and the inner handlers.</summary>
internal interface IAttemptPipeline
{
    /// <summary>Sends one attempt through the strategies; their exceptions are outcomes, not thrown.</summary>
    /// <param name="sender">Sends the attempt.</param>
    /// <param name="request">The message, if known.</param>
    /// <param name="classifier">Judges outcomes for strategies that want to know.</param>
    /// <param name="attemptToken">Ends with the attempt's time limit.</param>
    /// <param name="callToken">Ends with the call; for what happens after the answer came in.</param>
    ValueTask<AttemptOutcome> SendAsync<TSender>(
        TSender sender,
        HttpRequestMessage? request,
        HttpOutcomeClassifier classifier,
        CancellationToken attemptToken,
        CancellationToken callToken)
        where TSender : struct, IAttemptSender;
}
