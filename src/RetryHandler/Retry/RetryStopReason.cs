namespace RetryHandler;

/// <summary>Says why a call made no further attempt.</summary>
/// <remarks>The same names stand in logs and metrics.</remarks>
public enum RetryStopReason
{
    /// <summary>The attempt succeeded.</summary>
    Succeeded = 0,

    /// <summary>The failure is permanent: the same request would fail again.</summary>
    NotRetryable,

    /// <summary>The upstream's daily, monthly or billing limit is used up.</summary>
    UpstreamQuotaExhausted,

    /// <summary>The request was marked by <c>DisableAdaptiveRetry()</c>.</summary>
    Disabled,

    /// <summary>All attempts allowed for this kind of failure were made.</summary>
    AttemptsExhausted,

    /// <summary>The request's content can be sent only once.</summary>
    NotReplayable,

    /// <summary>The upstream may have acted on the request, and to repeat it might act twice.</summary>
    UnsafeToRepeat,

    /// <summary>The upstream asked for a longer wait than <see cref="ServerDelayOptions.MaxDelay"/>.</summary>
    ServerDelayTooLong,

    /// <summary>
    /// The wait before the next attempt does not fit into <see cref="AdaptiveRetryOptions.TotalTimeout"/>.
    /// </summary>
    DeadlineTooNear,

    /// <summary>The wait for a send token would be too long, or too many callers wait already.</summary>
    SendRateLimited,

    /// <summary>The retry quota has too few tokens left: too many recent calls failed.</summary>
    RetryQuotaExhausted,

    /// <summary>The circuit breaker is open, and nothing was sent.</summary>
    CircuitOpen,

    /// <summary>The caller cancelled the call.</summary>
    Cancelled,

    /// <summary><see cref="AdaptiveRetryOptions.TotalTimeout"/> passed during an attempt or a wait.</summary>
    TimedOut,

    /// <summary>Code of the application threw: a classifier, a callback, or the request's content.</summary>
    Faulted,

    /// <summary><see cref="AdaptiveRetryOptions.OnRetry"/> ruled the retry out.</summary>
    Vetoed,
}
