namespace RetryHandler.RateLimiting;

/// <summary>What a response says about the upstream's limit.</summary>
internal enum SendFeedback
{
    /// <summary>The upstream took the request, whatever it thought of it.</summary>
    Accepted = 0,

    /// <summary>The upstream answered 503 and no more: it is overloaded, or out of order.</summary>
    Unavailable,

    /// <summary>The upstream failed; that is neither an acceptance nor a refusal.</summary>
    Failed,

    /// <summary>The upstream refused because of rate, concurrency or overload control.</summary>
    Throttled,

    /// <summary>The upstream refused because too many requests were on their way, and said so.</summary>
    Crowded,
}
