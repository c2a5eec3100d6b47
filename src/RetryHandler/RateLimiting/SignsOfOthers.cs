namespace RetryHandler.RateLimiting;

/// <summary>Weighs the signs that others live on the same limit. Pure.</summary>
/// <remarks>
/// Two tests of one thing: refusals come that nobody asked for. The average sees those that follow each other closely.
/// The sum sees those that come now and then, but more often than those that are asked for (Page's CUSUM, 1954): who
/// is alone is refused because it tries for more, and hardly ever otherwise.
/// </remarks>
internal struct SignsOfOthers
{
    /// <summary>How much each sign counts in their average.</summary>
    private const double Weight = 0.2;

    /// <summary>The average from which on others are sure: two signs in a row.</summary>
    private const double Sure = 0.34;

    private const double InSight = 0.1;

    /// <summary>As many acceptances in a cycle without a sign make the earlier ones count for half.</summary>
    private const int Calm = 80;

    /// <summary>What a refusal that was asked for takes from the sum; another one adds 1.</summary>
    private const double Asked = 0.7;

    /// <summary>The sum from which on others are sure.</summary>
    private const double SureSum = 4;

    /// <summary>By how much more for each request on its way: the more there are, the less regular they come.</summary>
    private const double SureSumInFlight = 0.3;

    private double _average;
    private double _sum;

    /// <summary>Gets whether a sign was seen lately.</summary>
    public readonly bool AreInSight => _average >= InSight;

    /// <summary>Adds a refusal that came soon after another.</summary>
    /// <returns>Whether others are sure.</returns>
    public bool Add()
    {
        _average += Weight * (1 - _average);
        return _average >= Sure;
    }

    /// <summary>Adds a refusal that nobody asked for.</summary>
    /// <param name="inFlight">How many requests are on their way.</param>
    /// <returns>Whether such refusals outnumber the others.</returns>
    public bool AddUnasked(double inFlight)
    {
        _sum++;
        return _sum >= SureSum + (SureSumInFlight * inFlight);
    }

    /// <summary>Notes a refusal that was asked for, after a cycle without a sign.</summary>
    /// <param name="accepted">How many were accepted in the cycle.</param>
    public void Fade(int accepted)
    {
        _average *= accepted >= Calm ? 0.5 : 1 - (Weight / 2);
        _sum = Math.Max(0, _sum - Asked);
    }
}
