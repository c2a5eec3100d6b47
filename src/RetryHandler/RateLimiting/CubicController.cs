namespace RetryHandler.RateLimiting;

/// <summary>
/// The rate law of the AWS SDKs' adaptive retry mode: cut to 70 % at a throttle, then grow along a cubic curve that is
/// flat where the last throttle was.
/// </summary>
/// <remarks>
/// With W the rate at the last throttle and t the seconds since it: <c>rate = 0.4 x (t - K)^3 + W</c>, where
/// <c>K = cbrt(W x 0.3 / 0.4)</c> is the time the curve needs to come back to W; never more than twice the measured
/// rate. The shape is that of CUBIC congestion control (RFC 9438).
/// </remarks>
internal sealed class CubicController : ISendRateController
{
    /// <summary>The lowest rate of the AWS SDKs, in attempts per second.</summary>
    public const double MinRate = 0.5;

    private const double Beta = 0.7;
    private const double Scale = 0.4;
    private const double MaxMultipleOfMeasured = 2;

    private double _lastMaxRate;
    private double _lastThrottle;

    public CubicController(double now) => _lastThrottle = now;

    internal CubicController(double lastMaxRate, double lastThrottle)
    {
        _lastMaxRate = lastMaxRate;
        _lastThrottle = lastThrottle;
    }

    /// <inheritdoc/>
    public LimitKind Kind => LimitKind.Rate;

    /// <inheritdoc/>
    /// <remarks>The AWS SDKs move the rate at every response from the first one on.</remarks>
    public bool NeedsEachAttempt(bool isLimiting) => true;

    /// <inheritdoc/>
    public double WaitFor(double now) => 0;

    /// <inheritdoc/>
    public void OnSend()
    {
    }

    /// <inheritdoc/>
    public void OnReturn()
    {
    }

    /// <inheritdoc/>
    public void OnLost()
    {
    }

    /// <inheritdoc/>
    public SendLimits Begin(double rate, double now)
    {
        // Where the curve is flat.
        (_lastMaxRate, _lastThrottle) = (rate, now - TimeWindow(rate));
        return new SendLimits(rate);
    }

    /// <inheritdoc/>
    public SendLimits OnResponse(in SendReport report)
    {
        var measured = report.MeasuredRate;
        var rate = report.IsThrottled
            ? Throttle(report.FillRate is { } fill ? Math.Min(measured, fill) : measured, report.Now)
            : Grow(report.Now);
        return new SendLimits(Math.Min(rate, MaxMultipleOfMeasured * measured));
    }

    /// <summary>Remembers the rate at which the upstream throttled and cuts it.</summary>
    internal double Throttle(double rateInUse, double now)
    {
        // The rate before the cut: the curve is to come back to where the limit was, not to where the cut led.
        _lastMaxRate = rateInUse;
        _lastThrottle = now;
        return rateInUse * Beta;
    }

    internal double Grow(double now) =>
        (Scale * Math.Pow(now - _lastThrottle - TimeWindow(_lastMaxRate), 3)) + _lastMaxRate;

    internal static double TimeWindow(double lastMaxRate) => Math.Cbrt(lastMaxRate * (1 - Beta) / Scale);
}
