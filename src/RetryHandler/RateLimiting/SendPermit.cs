namespace RetryHandler.RateLimiting;

/// <summary>Leave to send one attempt, to be settled once: by a response, by none, or unused.</summary>
/// <param name="HasToken">Whether a token was taken for it; not so while the limiter was dormant.</param>
/// <param name="IsProbe">Whether it is the one attempt that a closed gate let through.</param>
/// <param name="GrantedAt">When, in seconds on the limiter's clock.</param>
internal readonly record struct SendPermit(bool HasToken, bool IsProbe, double GrantedAt)
{
    /// <summary>Gets the permit of an attempt that was sent while the limiter was dormant.</summary>
    public static SendPermit Free { get; } = new() { IsFree = true };

    /// <summary>Gets whether it came without a token of the bucket, because the controller counts attempts.</summary>
    public bool IsUnpaced { get; init; }

    /// <summary>Gets whether its token was paid in advance: it was granted at that instant or later.</summary>
    public bool IsPrepaid { get; init; }

    /// <summary>Gets whether it cost nothing, and is only counted.</summary>
    public bool IsFree { get; private init; }
}
