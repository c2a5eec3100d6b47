namespace RetryHandler;

/// <summary>What <see cref="AdaptiveRetryOptions.OnRetry"/> is told.</summary>
/// <remarks>Make new instances by the constructor only; members may be added to it.</remarks>
public readonly struct OnAdaptiveRetryArguments
{
    /// <summary>Initializes the arguments.</summary>
    /// <param name="clientName">The name of the client.</param>
    /// <param name="request">The request, if known.</param>
    /// <param name="outcome">The outcome of the failed attempt.</param>
    /// <param name="verdict">What the outcome was judged to be.</param>
    /// <param name="attempt">The number of the failed attempt, from 1.</param>
    /// <param name="delay">The wait before the next attempt.</param>
    /// <param name="cancellationToken">The token of the call.</param>
    public OnAdaptiveRetryArguments(
        string clientName,
        HttpRequestMessage? request,
        AttemptOutcome outcome,
        AttemptVerdict verdict,
        int attempt,
        TimeSpan delay,
        CancellationToken cancellationToken)
    {
        ClientName = clientName;
        Request = request;
        Outcome = outcome;
        Verdict = verdict;
        Attempt = attempt;
        Delay = delay;
        CancellationToken = cancellationToken;
    }

    /// <summary>Gets the name of the client; empty for one without a name.</summary>
    public string ClientName { get; }

    /// <summary>Gets the request.</summary>
    /// <value><see langword="null"/> in a Polly pipeline that does not tell it.</value>
    public HttpRequestMessage? Request { get; }

    /// <summary>Gets the outcome of the failed attempt.</summary>
    /// <remarks>
    /// Its response is disposed when the callback has ended, unless there is no retry. Without the bytes of the body.
    /// </remarks>
    public AttemptOutcome Outcome { get; }

    /// <summary>Gets what the outcome was judged to be.</summary>
    public AttemptVerdict Verdict { get; }

    /// <summary>Gets the number of the failed attempt, from 1.</summary>
    public int Attempt { get; }

    /// <summary>Gets the wait before the next attempt; a wait for a send token may come on top.</summary>
    public TimeSpan Delay { get; }

    /// <summary>Gets the token of the call; it ends with the caller's, and with the call's total time.</summary>
    public CancellationToken CancellationToken { get; }
}
