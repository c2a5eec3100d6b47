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

    /// <summary>Notes a throttled answer, which asks for a pause perhaps.</summary>
    public void OnThrottled(TimeSpan serverDelay, double now) =>
        _throttle = now + Math.Min(serverDelay.TotalSeconds, SendGate.LongestClosure);

    /// <summary>Notes a bare 503 that counts as the sign of a limit on concurrency.</summary>
    public void OnOverload(double now) => _overload = now;

    /// <summary>Notes that somebody waits, or will have to wait until some instant.</summary>
    public void OnWait(double until) => _wait = until;

    public void OnResponse(double now) => _response = now;

    /// <summary>Gets whether the upstream was healthy for so long, with demand below the limit.</summary>
    public readonly bool AreOver(double healthyTime, bool isOverloadExpected, double now) =>
        now - Math.Max(_throttle, _wait) >= healthyTime
        && !(isOverloadExpected && now - _overload < healthyTime);

    /// <summary>Gets whether nothing was sent for so long: no demand is demand well below the rate.</summary>
    public readonly bool IsIdle(double healthyTime, double now) => now - Math.Max(_throttle, _response) >= healthyTime;
}
