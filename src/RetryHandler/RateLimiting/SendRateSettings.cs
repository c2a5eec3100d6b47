namespace RetryHandler.RateLimiting;

/// <summary>The limiter's bounds, with every value resolved.</summary>
internal sealed record SendRateSettings(
    double MinRate = 0.5,
    double MaxRate = double.PositiveInfinity,
    TimeSpan? MaxWait = null,
    int QueueLimit = int.MaxValue)
{
    /// <summary>Gets whether calls ask the limiter, and tell it of their responses.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>Gets the rate to begin with; <see langword="null"/> to begin dormant.</summary>
    public double? InitialRate { get; init; }

    /// <summary>
    /// Gets for how many seconds the upstream must not have throttled before the limiter goes dormant: a minute, and
    /// for ever when the user named a rate to keep to.
    /// </summary>
    public double HealthyTime => InitialRate is null ? 60 : double.PositiveInfinity;

    /// <summary>Gets how long a call waits for an instant that the upstream named.</summary>
    public TimeSpan LongestClosureToWaitFor { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets how long a call may take in all, where the client bounds it.</summary>
    public TimeSpan? CallTimeout { get; init; }

    /// <summary>Gets for how many seconds of a pause calls wait; in a longer one they fail at once.</summary>
    public double Patience => Math.Min(
        LongestClosureToWaitFor.TotalSeconds, LongestWait(CallTimeout ?? TimeSpan.MaxValue));

    /// <summary>Keeps a rate within the bounds, with a capacity that fits it.</summary>
    public (double Rate, double Capacity) Bound(in SendLimits limits)
    {
        var rate = Math.Clamp(limits.Rate, MinRate, MaxRate);
        var capacity = rate == limits.Rate ? limits.Capacity : new SendLimits(rate).Capacity;
        return (rate, rate < limits.Rate ? Math.Min(capacity, limits.Capacity) : capacity);
    }

    /// <summary>Computes how long one attempt may wait, in seconds.</summary>
    public double LongestWait(TimeSpan timeLeft) =>
        Math.Min(timeLeft.TotalSeconds, (MaxWait ?? TimeSpan.MaxValue).TotalSeconds);
}
