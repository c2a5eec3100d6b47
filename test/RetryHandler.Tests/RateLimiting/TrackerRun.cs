using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

/// <summary>A tracker whose every token is used at once, and an upstream that decides what becomes of it.</summary>
/// <param name="tracker">What is known at the start.</param>
/// <param name="accepts">The upstream: takes the time in seconds.</param>
internal sealed class TrackerRun(RateTracker tracker, Func<double, bool> accepts)
{
    private const double RoundTrip = 0.05;

    private RateTracker _tracker = tracker;
    private AcceptedRate _accepted;
    private double _debt;

    public RateTracker Tracker => _tracker;

    public double Now { get; private set; }

    public double NextAt => Now + ((1 + _debt) / _tracker.Rate);

    public int Accepted { get; private set; }

    public List<double> Refusals { get; } = [];

    public void RunUntil(double seconds)
    {
        while (NextAt <= seconds)
        {
            Send();
        }
    }

    public void Send()
    {
        var wait = NextAt - Now;
        (Now, _debt) = (NextAt, 0);
        if (accepts(Now))
        {
            Accepted++;
            _accepted.Add();
            _tracker.Grow(wait, RoundTrip);
            return;
        }

        Refusals.Add(Now);
        _debt = _tracker.OnRefused(_accepted, busyTime: Now, Now) ? _tracker.Reserve : 0;
        _accepted = new AcceptedRate(Now, busyTime: Now);
    }

    /// <summary>Makes an upstream with a token bucket, full at the start.</summary>
    public static Func<double, bool> Bucket(Func<double, double> rate, double burst)
    {
        var (tokens, last) = (burst, 0.0);
        return now =>
        {
            tokens = Math.Min(burst, tokens + ((now - last) * rate(now)));
            last = now;
            if (tokens < 1)
            {
                return false;
            }

            tokens--;
            return true;
        };
    }
}
