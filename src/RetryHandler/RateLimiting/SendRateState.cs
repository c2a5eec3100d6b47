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

    /// <summary>Gets whether the upstream's pause holds back everything but a probe.</summary>
    public bool IsClosed { get; init; }

    /// <summary>Gets how many seconds of that pause are left.</summary>
    public double ClosedFor { get; init; }
}
