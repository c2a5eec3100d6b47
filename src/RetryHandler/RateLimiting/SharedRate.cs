namespace RetryHandler.RateLimiting;

/// <summary>Gives way to others who live on the same limit. Pure; times are seconds.</summary>
/// <remarks>
/// A refusal takes 0.35 of the rate, once in two seconds at most, and the rate comes back in equal steps: whoever has
/// more of the limit loses more by each refusal and gains no more in between, so that the shares become even (Chiu and
/// Jain 1989). In balance a share of refusals of step / (0.35 x rate^2) remains: 1.4 % at 5/s.
/// </remarks>
internal struct SharedRate
{
    /// <summary>What part of the rate a refusal takes.</summary>
    private const double Cut = 0.35;

    /// <summary>How long one cut is given to work: refusals come in clusters, while a bucket is empty.</summary>
    private const double CutInterval = 2;

    /// <summary>By how much a rate grows that is neither small nor large, per second and second.</summary>
    private const double Step = 0.12;

    /// <summary>Above this rate the steps grow, because fewer refusals are enough to learn from.</summary>
    private const double LargeRate = 10;

    /// <summary>
    /// Below this rate the steps shrink, so that many small shares don't keep the upstream refusing.
    /// </summary>
    private const double SmallRate = 2;

    /// <summary>How long without a refusal, in seconds, means that the others have gone.</summary>
    private const double AloneAfter = 40;

    /// <summary>And how many acceptances.</summary>
    private const int AloneAfterAccepted = 400;

    /// <summary>Or, for small shares, how many times as long as it takes to come back from a cut.</summary>
    private const double AloneAfterReturns = 6;

    private double _cutAt;
    private int _calm;
    private double _calmTime;

    public double Rate { get; private set; }

    /// <summary>Gets whether nobody else seems to be left.</summary>
    public readonly bool IsAlone =>
        _calmTime > AloneAfter
        && (_calm > AloneAfterAccepted || _calmTime > AloneAfterReturns * Cut * Rate / Growth);

    /// <summary>Gets by how much the rate grows, per second and second.</summary>
    private readonly double Growth =>
        Step * Math.Min(1, Math.Pow(Rate / SmallRate, 1.5)) * Math.Max(1, Rate / LargeRate);

    /// <summary>Starts to share, with the first cut.</summary>
    /// <param name="rate">The rate at which refusals came.</param>
    /// <param name="now">The time.</param>
    public void Begin(double rate, double now)
    {
        this = new SharedRate { Rate = rate, _cutAt = now - CutInterval };
        OnRefused(now);
    }

    public void OnAccepted(double busyTime)
    {
        _calm++;
        _calmTime += busyTime;
        Rate += busyTime * Growth;
    }

    public void OnRefused(double now)
    {
        (_calm, _calmTime) = (0, 0);
        if (now >= _cutAt + CutInterval)
        {
            _cutAt = now;
            Rate *= 1 - Cut;
        }
    }

    /// <summary>Follows a capacity that has fallen.</summary>
    public void Fall(double rate, double now) => (Rate, _cutAt, _calm, _calmTime) = (rate, now, 0, 0);
}
