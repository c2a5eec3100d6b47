namespace RetryHandler.RateLimiting;

/// <summary>Counts acceptances since some instant.</summary>
internal struct AcceptedRate(double now, double busyTime)
{
    private readonly double _since = now;
    private readonly double _busySince = busyTime;

    public int Count { get; private set; }

    public void Add() => Count++;

    public readonly double Elapsed(double now) => now - _since;

    public readonly double RateAt(double now) => now > _since ? Count / (now - _since) : 0;

    /// <summary>Gets whether callers waited nearly all the time, so that the limit and not they set the rate.</summary>
    public readonly bool WasBusy(double now, double busyTime) => busyTime - _busySince >= 0.8 * (now - _since);
}
