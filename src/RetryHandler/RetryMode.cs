namespace RetryHandler;

/// <summary>Selects the defaults of all retry settings, after the retry modes of the AWS SDKs.</summary>
/// <remarks>Every setting can be set on its own; an explicit value beats the mode's.</remarks>
public enum RetryMode
{
    /// <summary>
    /// <see cref="Standard"/> plus the send-rate limiter: the whole client slows down together when its upstream
    /// throttles. Up to 3 attempts for a transient failure, up to 10 for a throttled one, which with the probing
    /// controller has a base delay of 50 ms and is free, while a timeout costs more of the quota.
    /// </summary>
    Adaptive = 0,

    /// <summary>
    /// Up to 3 attempts, base delays of 50 ms (transient) and 1 s (throttled), and the retry quota. The rules of the
    /// AWS SDKs since 2026.
    /// </summary>
    Standard,

    /// <summary>Up to 5 attempts, base delay 1 s, no retry quota and no send-rate limiter.</summary>
    Legacy,
}
