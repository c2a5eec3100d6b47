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

    /// <summary>Runs on, and counts.</summary>
    /// <returns>How many were accepted in a second.</returns>
    public double RateOf(double seconds)
    {
        var (end, before) = (Now + seconds, Accepted);
        RunUntil(end);
        return (Accepted - before) / seconds;
    }

    public void Send()
    {
        var wait = NextAt - Now;
        (Now, _debt) = (NextAt, 0);
        if (accepts(Now))
        {
            Accepted++;
            _accepted.Add(wait);
            _tracker.Grow(wait, RoundTrip);
            return;
        }

        Refusals.Add(Now);
        var isAbsorbed = _tracker.Absorb(_accepted, busyTime: Now, Now);
        if (!isAbsorbed)
        {
            _tracker.OnRefused(_accepted, busyTime: Now, RoundTrip, wasClosed: false, Now);
            _debt = _tracker.Reserve;
        }

        if (!isAbsorbed || _tracker.IsShared)
        {
            _accepted = new AcceptedRate(Now, busyTime: Now);
        }
    }
}
