namespace RetryHandler.RateLimiting;

/// <summary>
/// Measures the rate of responses in half-second buckets, smoothed: the measured rate of the AWS SDKs' adaptive mode.
/// </summary>
internal struct SendRateMeter
{
    private const double BucketsPerSecond = 2;
    private const double Smoothing = 0.8;

    private long _count;
    private double _lastBucket;

    /// <summary>Starts a meter; its first bucket begins at a whole second, as the AWS test vectors demand.</summary>
    public SendRateMeter(double now) => _lastBucket = Math.Floor(now);

    /// <summary>Gets the measured rate in responses per second; 0 until the first bucket is complete.</summary>
    public double Rate { get; private set; }

    /// <summary>Computes the rate as it is when nothing more comes in.</summary>
    public readonly double RateAt(double now)
    {
        var later = this;
        later.Record(now, count: 0);
        return later.Rate;
    }

    public void Record(double now, int count = 1)
    {
        _count += count;
        var bucket = Math.Floor(now * BucketsPerSecond) / BucketsPerSecond;
        if (bucket <= _lastBucket)
        {
            return;
        }

        var rate = _count / (bucket - _lastBucket);
        Rate = (rate * Smoothing) + (Rate * (1 - Smoothing));
        _count = 0;
        _lastBucket = bucket;
    }
}
