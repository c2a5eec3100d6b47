namespace RetryHandler.RateLimiting;

/// <summary>Gives way to others who live on the same limit. Pure; times are seconds.</summary>
/// <remarks>
/// A refusal takes three tenths of the rate, once a second at most, and the rate comes back in equal steps: whoever has
/// more of the limit loses more by each refusal and gains no more in between, so that the shares become even (Chiu and
/// Jain 1989). In balance a share of refusals of step / (0.3 x rate^2) remains: 1.6 % at 5/s.
/// </remarks>
internal struct SharedRate
{
    /// <summary>What part of the rate a refusal takes.</summary>
    private const double Cut = 0.3;

    /// <summary>How long one cut is given to work: refusals come in clusters, while a bucket is empty.</summary>
    private const double CutInterval = 2;

    /// <summary>By how much the rate grows, per second and second.</summary>
    private const double Step = 0.12;

    /// <summary>The same as a part of the rate, which is more from 20/s on.</summary>
    private const double RelativeStep = 0.006;

    /// <summary>
    /// Below this rate the steps shrink, so that many small shares don't keep the upstream refusing.
    /// </summary>
    private const double SmallRate = 2;

    /// <summary>How long without a refusal, in seconds, means that the others have gone.</summary>
    private const double AloneAfter = 40;

    /// <summary>And how many acceptances.</summary>
    private const int AloneAfterAccepted = 400;

    private double _clock;
    private double _cutAt;
    private int _calm;

    public double Rate { get; private set; }

    /// <summary>Gets whether nobody else seems to be left.</summary>
    public readonly bool IsAlone => _calm > AloneAfterAccepted && _clock - _cutAt > AloneAfter;

    /// <summary>Starts to share, with the first cut.</summary>
    /// <param name="rate">The rate at which refusals came.</param>
    public void Begin(double rate)
    {
        this = new SharedRate { Rate = rate, _cutAt = -CutInterval };
        OnRefused();
    }

    public void OnAccepted(double busyTime)
    {
        _clock += busyTime;
        _calm++;
        var small = Math.Min(1, Math.Pow(Rate / SmallRate, 1.5));
        Rate += busyTime * Math.Max(Step, RelativeStep * Rate) * small;
    }

    public void OnRefused()
    {
        _calm = 0;
        if (_clock >= _cutAt + CutInterval)
        {
            _cutAt = _clock;
            Rate *= 1 - Cut;
        }
    }
}
