namespace RetryHandler;

/// <summary>Says whether the send-rate limiter holds a client back.</summary>
public enum LimiterState
{
    /// <summary>Nothing is held back: the upstream has not throttled, or not for long.</summary>
    Dormant = 0,

    /// <summary>Each attempt waits for a token; the rate follows what the upstream accepts.</summary>
    Limiting,

    /// <summary>Nothing is sent but a probe: the upstream asked for a longer pause than a call waits.</summary>
    Closed,
}
