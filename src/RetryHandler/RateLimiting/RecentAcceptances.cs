namespace RetryHandler.RateLimiting;

/// <summary>Counts the acceptances of about the last second. Pure; times are seconds.</summary>
internal struct RecentAcceptances
{
    private double _count;
    private double _countedAt;

    public void Add(double now) => (_count, _countedAt) = ((_count * Math.Exp(_countedAt - now)) + 1, now);

    /// <summary>Computes how many were accepted per second; 1 at least, for a search to begin with.</summary>
    public readonly double RateAt(double now) => Math.Max(1, _count * Math.Exp(_countedAt - now));
}
