namespace RetryHandler;

/// <summary>Says what happened in a client.</summary>
public enum RetryEventKind
{
    /// <summary>An attempt failed and is repeated after a delay.</summary>
    Retrying = 0,

    /// <summary>A failure that might have been retried, or a used-up quota, was returned to the caller.</summary>
    GaveUp,

    /// <summary>An attempt was held back, and its call failed.</summary>
    NotSent,

    /// <summary>The client limits its rate: see <see cref="SendRateSnapshot.SlowedBy"/>.</summary>
    Slowed,

    /// <summary>The rate is no longer limited.</summary>
    Restored,

    /// <summary>The upstream asked for a longer pause than calls wait: they fail at once.</summary>
    Closed,

    /// <summary>The pause is over; the rate is still limited.</summary>
    Reopened,

    /// <summary>The circuit breaker changed its state.</summary>
    Breaker,
}
