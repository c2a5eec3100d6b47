namespace RetryHandler.RateLimiting;

/// <summary>Counts the acceptances of about the last second. Pure; times are seconds.</summary>
internal struct RecentAcceptances
{
    private double _count;
    private double _countedAt;

    public void Add(double now) => Add(new CountedAcceptances(1, 0, now), now);

    /// <summary>Adds acceptances that came evenly until now.</summary>
    public void Add(in CountedAcceptances accepted, double now)
    {
        // Each counts for what is left of it.
        var time = accepted.Count == 1 ? 0 : now - accepted.From;
        var weight = time > 0.001 ? (1 - Math.Exp(-time)) / time : 1;
        (_count, _countedAt) = ((_count * Math.Exp(_countedAt - now)) + (accepted.Count * weight), now);
    }

    /// <summary>Computes how many were accepted per second; 1 at least, for a search to begin with.</summary>
    public readonly double RateAt(double now) => Math.Max(1, _count * Math.Exp(_countedAt - now));
}
