namespace RetryHandler.Tests.RateLimiting;

/// <summary>Upstreams that take the time in seconds and say whether they accept.</summary>
internal static class ModelUpstream
{
    /// <summary>Makes an upstream with a token bucket, full at the start.</summary>
    public static Func<double, bool> Bucket(Func<double, double> rate, double burst)
    {
        var (tokens, last) = (burst, 0.0);
        return now =>
        {
            tokens = Math.Min(burst, tokens + ((now - last) * rate(now)));
            last = now;
            if (tokens < 1 - 1e-9)
            {
                return false;
            }

            tokens--;
            return true;
        };
    }

    public static Func<double, bool> Bucket(double rate, double burst) => Bucket(_ => rate, burst);

    /// <summary>Makes an upstream that also refuses at random, whatever the rate.</summary>
    public static Func<double, bool> Refusing(Func<double, double> share, int seed, Func<double, bool> inner)
    {
        var random = new Random(seed);
        return now => random.NextDouble() >= share(now) && inner(now);
    }

    /// <summary>Makes an upstream that accepts so many requests in each window.</summary>
    public static Func<double, bool> Window(int count, double length)
    {
        var (window, used) = (-1.0, 0);
        return now =>
        {
            var current = Math.Floor((now / length) + 1e-9);
            (window, used) = (current, current == window ? used : 0);
            return used++ < count;
        };
    }
}
