namespace RetryHandler.RateLimiting;

/// <summary>What a controller allows.</summary>
/// <param name="Rate">Attempts per second, before the limiter's floor and ceiling.</param>
internal readonly record struct SendLimits(double Rate)
{
    /// <summary>Gets for how many tokens the bucket has room.</summary>
    /// <value>The default is one second's worth, and one token at least: the AWS rule.</value>
    public double Capacity { get; init; } = Math.Max(Rate, 1);

    /// <summary>Gets whether attempts need no tokens of the bucket, because the controller counts them.</summary>
    public bool IsUnpaced { get; init; }

    /// <summary>
    /// Gets how many tokens must come in before the next one is given out, instead of those that are there.
    /// </summary>
    public double? Debt { get; init; }

    /// <summary>Gets how many attempts may be on their way at the same time.</summary>
    public double MaxInFlight { get; init; } = double.PositiveInfinity;

    /// <summary>Gets whether the limiter is needed although the upstream has not throttled.</summary>
    public bool IsWanted { get; init; }

    /// <summary>Gets for how many seconds nothing is to be sent, and then one probe.</summary>
    public double CloseFor { get; init; }

    /// <summary>
    /// Gets whether these are the upstream's own words: the limiter is needed before anything is refused, and
    /// <see cref="CloseFor"/> is what the upstream asks for.
    /// </summary>
    public bool IsPublished { get; init; }
}
