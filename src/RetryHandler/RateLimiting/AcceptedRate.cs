namespace RetryHandler.RateLimiting;

/// <summary>Counts acceptances since some instant.</summary>
internal struct AcceptedRate(double now, double busyTime)
{
    private readonly double _since = now;
    private double _busySince = busyTime;

    private long _count;
    private long _whileBusy;

    public readonly int Count => (int)Math.Min(_count, int.MaxValue);

    /// <summary>Counts an acceptance.</summary>
    /// <param name="busyTime">For how long somebody waited since the one before.</param>
    public void Add(double busyTime)
    {
        _count++;
        _whileBusy += busyTime > 0 ? 1 : 0;
    }

    /// <summary>Counts acceptances that came while nobody waited.</summary>
    public void AddUnhurried(int count) => _count += count;

    /// <summary>Counts time as busy in which the upstream refused everything: all were told to come later.</summary>
    public void AddClosedTime(double seconds) => _busySince -= seconds;

    public readonly double Elapsed(double now) => now - _since;

    public readonly double RateAt(double now) => now > _since ? _count / (now - _since) : 0;

    /// <summary>
    /// Computes the rate, and that of the time in which somebody waited, if it was less than a third: where all were
    /// told to come later, and the door was open meanwhile, nobody had anything to send.
    /// </summary>
    public readonly double BusyRateAt(double now, double busyTime)
    {
        var busy = busyTime - _busySince;
        return busy > 0 && busy < Elapsed(now) / 3 ? Math.Max(RateAt(now), _whileBusy / busy) : RateAt(now);
    }

    /// <summary>Gets whether callers waited nearly all the time, so that the limit and not they set the rate.</summary>
    public readonly bool WasBusy(double now, double busyTime) => busyTime - _busySince >= 0.8 * (now - _since);
}
