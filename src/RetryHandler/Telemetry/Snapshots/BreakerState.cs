namespace RetryHandler;

/// <summary>The state of a client's circuit breaker.</summary>
public enum BreakerState
{
    /// <summary>Attempts pass.</summary>
    Closed = 0,

    /// <summary>Nothing is sent until the break is over.</summary>
    Open,

    /// <summary>One attempt probes whether the upstream is well again.</summary>
    HalfOpen,
}
