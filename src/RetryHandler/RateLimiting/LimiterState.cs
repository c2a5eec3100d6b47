namespace RetryHandler;

/// <summary>Says whether the send-rate limiter holds a client back.</summary>
public enum LimiterState
{
    /// <summary>Nothing is held back: the upstream has not throttled, or not for long.</summary>
    Dormant = 0,

    /// <summary>Attempts wait for their turn; how many pass follows what the upstream accepts.</summary>
    Limiting,

    /// <summary>Calls fail at once: the upstream asked for a longer pause than they may wait.</summary>
    /// <remarks>
    /// Longer than <see cref="SendRateOptions.MaxWait"/>, <see cref="ServerDelayOptions.MaxDelay"/> or
    /// <see cref="AdaptiveRetryOptions.TotalTimeout"/>. In a shorter one they wait, and the state is
    /// <see cref="Limiting"/>.
    /// </remarks>
    Closed,
}
