namespace RetryHandler.RateLimiting;

/// <summary>Gives way to others who live on the same limit. Pure; times are seconds.</summary>
/// <remarks>
/// A refusal takes 0.22 of the rate, once in four seconds at most. The rate comes back in equal steps to where it was
/// refused, and from there on with the square of the time, as in the TCP variant CUBIC (RFC 9438): whoever has more of
/// the limit loses more by each refusal and gains hardly more in between, so that the shares become even (Chiu and Jain
/// 1989), and what somebody else has left behind is found. Unlike in CUBIC, the steps depend on the rate and not only
/// on the time, so that 3 % of the attempts at 5/s and 0.5 % at 50/s are refused in balance.
/// </remarks>
internal struct SharedRate
{
    /// <summary>What part of the rate a refusal takes.</summary>
    private const double Cut = 0.22;

    /// <summary>How long one cut is given to work: refusals come in clusters, while a bucket is empty.</summary>
    private const double CutInterval = 4;

    /// <summary>By how much a rate grows that is neither small nor large, per second and second.</summary>
    private const double Step = 0.11;

    /// <summary>
    /// Below this rate the steps shrink with it, so that many small shares don't keep the upstream refusing.
    /// </summary>
    private const double SmallRate = 3;

    /// <summary>Above this rate the steps grow with its square: a refusal is a smaller part of what is sent.</summary>
    private const double LargeRate = 7;

    /// <summary>
    /// Above this rate they grow with its power of two thirds only: what grows with the square becomes even too slowly.
    /// </summary>
    private const double HugeRate = 20;

    /// <summary>How long without a refusal, in seconds, means that the others have gone.</summary>
    private const double AloneAfter = 60;

    /// <summary>And how many times as long as it takes to come back from a cut.</summary>
    private const double AloneAfterReturns = 4;

    /// <summary>Fewer sends than this without a refusal say nothing; below 1/s so many more.</summary>
    private const double LeastSends = 12;

    private double _refusedRate;
    private double _cutAt;
    private double _calmTime;

    public double Rate { get; private set; }

    /// <summary>Gets whether nobody else seems to be left.</summary>
    public readonly bool IsAlone => _calmTime > Math.Max(AloneAfter, AloneAfterReturns * ReturnTime);

    /// <summary>Gets in what time equal steps undo a cut.</summary>
    private readonly double ReturnTime => Cut * _refusedRate / StepAt(_refusedRate);

    /// <summary>Starts to share, with the first cut.</summary>
    /// <param name="rate">The rate at which refusals came.</param>
    /// <param name="now">The time.</param>
    public void Begin(double rate, double now)
    {
        this = new SharedRate { Rate = rate, _cutAt = double.NegativeInfinity };
        OnRefused(now);
    }

    /// <summary>Grows, by one acceptance.</summary>
    /// <returns>The rate.</returns>
    public double OnAccepted(double busyTime)
    {
        _calmTime += busyTime;
        var enough = LeastSends / (_refusedRate * Math.Min(1, _refusedRate));
        var returns = Math.Max(1, _calmTime / Math.Max(ReturnTime, enough));
        return Rate += busyTime * StepAt(Rate) * returns * returns;
    }

    public void OnRefused(double now)
    {
        _calmTime = 0;
        if (now >= _cutAt + CutInterval)
        {
            (_cutAt, _refusedRate) = (now, Rate);
            Rate *= 1 - Cut;
        }
    }

    /// <summary>Follows a capacity that has fallen.</summary>
    public void Fall(double rate, double now) => (Rate, _refusedRate, _cutAt, _calmTime) = (rate, rate, now, 0);

    /// <summary>Computes by how much a rate grows, per second and second.</summary>
    private static double StepAt(double rate) =>
        Step * Math.Min(1, rate / SmallRate)
        * Math.Pow(Math.Clamp(rate, LargeRate, HugeRate) / LargeRate, 2)
        * Math.Pow(Math.Max(1, rate / HugeRate), 2.0 / 3);
}
