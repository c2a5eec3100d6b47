namespace RetryHandler.RateLimiting;

/// <summary>What a controller is told of one response.</summary>
/// <param name="Now">The time in seconds since the limiter was made.</param>
/// <param name="Feedback">What the response says about the limit.</param>
/// <param name="MeasuredRate">Responses per second, as measured.</param>
/// <param name="FillRate">The fill rate in force, or <see langword="null"/> while the limiter is dormant.</param>
internal readonly record struct SendReport(
    double Now, SendFeedback Feedback, double MeasuredRate = double.PositiveInfinity, double? FillRate = null)
{
    /// <summary>Gets when the attempt was let go; minus infinity when the limiter was dormant then.</summary>
    public double SentAt { get; init; } = double.NegativeInfinity;

    /// <summary>Gets whether it was let go then or later, nobody knows when.</summary>
    public bool IsSentLater { get; init; }

    /// <summary>Gets the seconds that the upstream asks to wait; 0 when it does not say.</summary>
    public double ServerDelay { get; init; }

    /// <summary>Gets for how many seconds, of all so far, somebody waited for a token.</summary>
    public double BusyTime { get; init; }

    /// <summary>Gets whether this acceptance opened the gate.</summary>
    public bool OpensGate { get; init; }

    /// <summary>Gets how many attempts are on their way.</summary>
    public int InFlight { get; init; }

    /// <summary>Gets what the response says of a budget; nothing when it says nothing.</summary>
    public BudgetReading? Budget { get; init; }

    /// <summary>Gets whether the upstream says that too many requests were on their way.</summary>
    public bool IsCrowded => Feedback == SendFeedback.Crowded;

    public bool IsThrottled => IsCrowded || Feedback == SendFeedback.Throttled;
}
