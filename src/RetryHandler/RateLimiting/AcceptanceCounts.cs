namespace RetryHandler.RateLimiting;

/// <summary>
/// What the upstream accepted: since the last refusal that something was learned from, since it opened its door last,
/// and of late. Pure; times are seconds.
/// </summary>
internal struct AcceptanceCounts
{
    private AcceptedRate _sinceRefusal;
    private AcceptedRate _sinceOpening;
    private RecentAcceptances _recent;

    public readonly AcceptedRate SinceRefusal => _sinceRefusal;

    public readonly AcceptedRate SinceOpening => _sinceOpening;

    /// <summary>Computes how many were accepted per second of late; 1 at least, for a search to begin with.</summary>
    public readonly double RecentRateAt(double now) => _recent.RateAt(now);

    /// <summary>Adds one.</summary>
    /// <param name="busyTime">For how long somebody waited since the one before.</param>
    /// <param name="now">The time.</param>
    public void Add(double busyTime, double now)
    {
        AddBesideALimit(busyTime, now);
        _sinceOpening.Add(busyTime);
    }

    /// <summary>Adds one while a limit on concurrency is suspected or found, which is none of a window.</summary>
    public void AddBesideALimit(double busyTime, double now)
    {
        _sinceRefusal.Add(busyTime);
        _recent.Add(now);
    }

    /// <summary>Adds some that came while nobody waited.</summary>
    public void Add(in CountedAcceptances accepted, double now)
    {
        _sinceRefusal.AddUnhurried(accepted.Count);
        _sinceOpening.AddUnhurried(accepted.Count);
        _recent.Add(accepted, now);
    }

    /// <summary>Begins to count from a refusal on.</summary>
    public void OnRefused(in SendReport report) => _sinceRefusal = new AcceptedRate(report.Now, report.BusyTime);

    /// <summary>Begins to count from an opening on, of which this is the first acceptance.</summary>
    /// <param name="report">The acceptance.</param>
    /// <param name="closedTime">For how long the door was closed.</param>
    public void OnOpened(in SendReport report, double closedTime)
    {
        _sinceRefusal.AddClosedTime(Math.Min(closedTime, _sinceRefusal.Elapsed(report.Now)));
        _sinceOpening = new AcceptedRate(report.Now, report.BusyTime);
        _sinceOpening.Add(busyTime: 0);
    }

    /// <summary>Begins to count both, when the limiter wakes up long after the last opening.</summary>
    public void OnWokenUp(in SendReport report)
    {
        OnRefused(report);
        _sinceOpening = _sinceOpening.Elapsed(report.Now) > 60 ? _sinceRefusal : _sinceOpening;
    }
}
