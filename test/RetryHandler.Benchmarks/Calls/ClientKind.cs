namespace RetryHandler.Benchmarks.Calls;

/// <summary>What stands between the caller and the transport.</summary>
public enum ClientKind
{
    /// <summary>Nothing but what the factory puts there.</summary>
    Bare,

    /// <summary>
    /// An asynchronous handler that only waits for its inner handler: the floor for any that does more in the usual way.
    /// In the rows with a token it takes one of the framework's <c>TokenBucketRateLimiter</c> first.
    /// </summary>
    PassThrough,

    /// <summary>Polly's retry by hand: up to two repeats of a 503, without delay.</summary>
    PollyRetry,

    /// <summary>This library, in its default mode, without delay before a repeat.</summary>
    AdaptiveRetry,
}
