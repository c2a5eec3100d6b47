namespace RetryHandler;

/// <summary>What <see cref="AdaptiveRetryOptions.OnStop"/> is told.</summary>
/// <remarks>Make new instances by the constructor only; members may be added to it.</remarks>
public readonly struct OnAdaptiveRetryStopArguments
{
    /// <summary>Initializes the arguments.</summary>
    /// <param name="clientName">The name of the client.</param>
    /// <param name="request">The request, if known.</param>
    /// <param name="outcome">The last outcome, which the caller gets.</param>
    /// <param name="verdict">What the outcome was judged to be.</param>
    /// <param name="info">Attempts, stop reason and time waited.</param>
    /// <param name="cancellationToken">The token of the call.</param>
    public OnAdaptiveRetryStopArguments(
        string clientName,
        HttpRequestMessage? request,
        AttemptOutcome outcome,
        AttemptVerdict verdict,
        AdaptiveRetryInfo info,
        CancellationToken cancellationToken)
    {
        ClientName = clientName;
        Request = request;
        Outcome = outcome;
        Verdict = verdict;
        Info = info;
        CancellationToken = cancellationToken;
    }

    /// <summary>Gets the name of the client; empty for one without a name.</summary>
    public string ClientName { get; }

    /// <summary>Gets the request.</summary>
    /// <value><see langword="null"/> in a Polly pipeline that does not tell it.</value>
    public HttpRequestMessage? Request { get; }

    /// <summary>Gets the last outcome, which the caller gets when the callback has ended.</summary>
    /// <remarks>Without the bytes of the body; the response still has all of it.</remarks>
    public AttemptOutcome Outcome { get; }

    /// <summary>Gets what the outcome was judged to be.</summary>
    public AttemptVerdict Verdict { get; }

    /// <summary>Gets how many attempts were sent, why no further one is made, and how long the call waited.</summary>
    public AdaptiveRetryInfo Info { get; }

    /// <summary>Gets the token of the call; it ends with the caller's, and with the call's total time.</summary>
    public CancellationToken CancellationToken { get; }
}
