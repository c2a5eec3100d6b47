namespace RetryHandler.RateLimiting;

/// <summary>When there was last a reason to limit, so that a limiter without one goes dormant. Pure.</summary>
/// <remarks>
/// Without it, a single throttle would tax every later burst for the life of the process. Times are seconds.
/// </remarks>
internal struct LastReasons
{
    private double _throttle;
    private double _overload;
    private double _wait;
    private double _response;

    /// <summary>Notes that somebody waits, or will have to wait until some instant.</summary>
    public void OnWait(double until) => _wait = until;

    /// <summary>Notes answers that are none, and that came at some instant or later.</summary>
    public void OnAccepted(double from) => _response = from;

    /// <summary>Notes an answer.</summary>
    /// <param name="report">The answer.</param>
    /// <param name="isOverloadExpected">Whether a bare 503 counts as the sign of a limit on concurrency.</param>
    /// <returns>Whether it is a reason to limit.</returns>
    public bool OnResponse(in SendReport report, bool isOverloadExpected)
    {
        _response = report.Now;
        var isOverload = isOverloadExpected && report.Feedback == SendFeedback.Unavailable;
        _overload = isOverload ? report.Now : _overload;
        _throttle = report.IsThrottled
            ? report.Now + Math.Min(report.ServerDelay, SendGate.LongestClosure) // It asks for a pause perhaps.
            : _throttle;
        return report.IsThrottled || isOverload;
    }

    /// <summary>Gets whether the upstream was healthy for so long, with demand below the limit.</summary>
    public readonly bool AreOver(double healthyTime, bool isOverloadExpected, double now) =>
        now - Math.Max(_throttle, _wait) >= healthyTime
        && !(isOverloadExpected && now - _overload < healthyTime);

    /// <summary>Gets whether nothing was sent for so long: no demand is demand well below the rate.</summary>
    public readonly bool IsIdle(double healthyTime, double now) => now - Math.Max(_throttle, _response) >= healthyTime;
}
