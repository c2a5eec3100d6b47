namespace RetryHandler.RateLimiting;

/// <summary>What the limiter is doing at one instant.</summary>
internal readonly record struct SendRateState(
    bool IsLimiting,
    double FillRate,
    double MeasuredRate,
    double Tokens,
    int Waiting)
{
    /// <summary>Gets the sort of limit that the controller has found.</summary>
    public LimitKind Kind { get; init; }

    /// <summary>Gets whether something else than the fill rate bounds what is sent: a window, or concurrency.</summary>
    public bool IsUnpaced { get; init; }

    /// <summary>Gets how many attempts may be on their way at the same time.</summary>
    public double MaxInFlight { get; init; }

    /// <summary>Gets what a window of the upstream has room for, and its length; 0 for what is not known.</summary>
    public (int Count, double Length) Window { get; init; }

    /// <summary>Gets how many seconds are left of a pause that holds back everything but a probe.</summary>
    /// <value>
    /// <see langword="null"/> without a pause; 0 when it is over and the probe's answer has not come yet.
    /// </value>
    public double? ClosedFor { get; init; }

    /// <summary>Gets whether that is longer than calls wait, so that they fail at once.</summary>
    public bool IsBeyondPatience { get; init; }
}
