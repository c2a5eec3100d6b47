namespace RetryHandler;

/// <summary>Says when a request whose method is not idempotent is repeated.</summary>
public enum UnsafeMethodReplay
{
    /// <summary>
    /// Only when the upstream surely did not act on it: it throttled, it answered 503 with a delay, or the connection
    /// was never made.
    /// </summary>
    WhenNotProcessed = 0,

    /// <summary>Never, unless the request says that it may be: by an <c>Idempotency-Key</c>, or marked.</summary>
    Never,

    /// <summary>After every retryable failure, also when the upstream may have acted on it.</summary>
    Always,
}
