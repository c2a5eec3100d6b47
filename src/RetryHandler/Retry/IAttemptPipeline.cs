namespace RetryHandler.Retry;

/// <summary>What each attempt runs inside: the strategies between the send token and the inner handlers.</summary>
internal interface IAttemptPipeline
{
    /// <summary>Sends one attempt through the strategies; their exceptions are outcomes, not thrown.</summary>
    ValueTask<AttemptOutcome> SendAsync<TSender>(
        TSender sender, HttpRequestMessage? request, CancellationToken cancellationToken)
        where TSender : struct, IAttemptSender;
}
