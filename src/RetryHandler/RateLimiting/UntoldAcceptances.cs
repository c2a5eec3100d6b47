namespace RetryHandler.RateLimiting;

/// <summary>
/// Acceptances of which only their number is known, and how many there were in the last second. Pure; times are
/// seconds.
/// </summary>
internal struct UntoldAcceptances
{
    /// <summary>What came before is of no use to a controller: no window is looked for that is longer.</summary>
    private const double LongestMemory = 60;

    /// <summary>More are not told, so that the call that does it is held up for some milliseconds at most.</summary>
    private const double MostTold = 100_000;

    private double _since;
    private double _count;
    private double _recent;
    private double _recentAt;

    public readonly bool IsEmpty => _count == 0;

    /// <summary>Adds acceptances that came evenly between two instants; a single one came at the end.</summary>
    public void Add(int count, double from, double to)
    {
        from = count == 1 ? to : from;
        if (_count == 0)
        {
            _since = _recentAt = from;
        }

        // Each counts for what an exponential average with a time constant of a second leaves of it.
        var passed = to - from;
        var weight = passed > 0.001 ? (1 - Math.Exp(-passed)) / passed : 1;
        _recent = RecentAt(to) + (count * weight);
        _recentAt = to;
        _count += count;
    }

    /// <summary>Takes them all.</summary>
    /// <returns>
    /// How many to tell as if they came at <c>Since</c>, and how many as if they came now, so that neither their number
    /// nor the rate of the last second is lost.
    /// </returns>
    public (int Earlier, double Since, int Recent) Take(double now)
    {
        var recent = RecentAt(now);
        var left = Math.Exp(_since - now);
        if (now - _since > LongestMemory)
        {
            (_count, left) = (Math.Min(_count, recent), 0);
        }

        // With e of those at the beginning left now: recent = r + e (count - r).
        var told = left < 0.999 ? Math.Clamp((recent - (left * _count)) / (1 - left), 0, _count) : _count;
        var most = Math.Round(Math.Min(told, MostTold));
        var result = ((int)Math.Min(_count - most, MostTold), _since, (int)most);
        this = default;
        return result;
    }

    private readonly double RecentAt(double now) => _recent * Math.Exp(_recentAt - now);
}
