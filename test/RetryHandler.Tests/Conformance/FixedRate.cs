using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.Conformance;

/// <summary>A controller that finds the rate the test wants.</summary>
internal sealed class FixedRate(double rate) : ISendRateController
{
    public double Rate { get; set; } = rate;

    /// <summary>Makes a limiter that is awake, with an empty bucket that fills at the controller's rate.</summary>
    public static SendRateLimiter WakeUp(
        FixedRate controller, TimeProvider time, SendRateSettings? settings = null)
    {
        var limiter = new SendRateLimiter("test", settings ?? new SendRateSettings(), controller, time);
        limiter.OnResponse(throttled: true);
        return limiter;
    }

    public LimitKind Kind => LimitKind.Unknown;

    public double WaitFor(double now) => 0;

    public void OnSend()
    {
    }

    public void OnReturn()
    {
    }

    public void OnLost()
    {
    }

    public SendLimits Begin(double rate, double now) => new(Rate);

    public SendLimits OnResponse(in SendReport report) => new(Rate);
}
