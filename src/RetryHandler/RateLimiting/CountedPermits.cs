namespace RetryHandler.RateLimiting;

/// <summary>Which acceptances are only counted.</summary>
internal enum CountedPermits
{
    /// <summary>None: each is told when it comes.</summary>
    None,

    /// <summary>Those of attempts that were sent without a token, while the limiter is dormant.</summary>
    Free,

    /// <summary>Those of attempts with a token, while the limiter limits and nobody waits.</summary>
    Paced,
}
