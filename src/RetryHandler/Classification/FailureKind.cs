namespace RetryHandler;

/// <summary>Says what one attempt's outcome means for retries and for the send rate.</summary>
public enum FailureKind
{
    /// <summary>No failure: the response goes to the caller untouched.</summary>
    None = 0,

    /// <summary>
    /// A fault that may pass by itself: a server error, a broken connection, a timeout. Retried while the retry quota
    /// lasts; says nothing about the upstream's rate limit.
    /// </summary>
    Transient,

    /// <summary>
    /// The upstream refused because of rate, concurrency or overload control. Retried, and the whole client slows down.
    /// </summary>
    Throttled,

    /// <summary>
    /// A daily, monthly, billing or plan limit is used up. Never retried, never slows the client: waiting minutes
    /// does not help.
    /// </summary>
    QuotaExhausted,

    /// <summary>The same request would fail again. Never retried.</summary>
    Permanent,
}
