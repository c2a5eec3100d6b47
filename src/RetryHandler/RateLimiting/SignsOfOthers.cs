namespace RetryHandler.RateLimiting;

/// <summary>Weighs the signs that others live on the same limit. Pure.</summary>
internal struct SignsOfOthers
{
    /// <summary>How much each sign counts in their average.</summary>
    private const double Weight = 0.2;

    /// <summary>The average from which on others are sure: two signs in a row.</summary>
    private const double Sure = 0.34;

    private const double InSight = 0.1;

    /// <summary>As many acceptances in a cycle without a sign make the earlier ones count for half.</summary>
    private const int Calm = 80;

    private double _average;

    public readonly bool AreSure => _average >= Sure;

    /// <summary>Gets whether a sign was seen lately.</summary>
    public readonly bool AreInSight => _average >= InSight;

    public void Add() => _average += Weight * (1 - _average);

    /// <summary>Notes a cycle without a sign.</summary>
    /// <param name="accepted">How many were accepted in it.</param>
    public void Fade(int accepted) => _average *= accepted >= Calm ? 0.5 : 1 - (Weight / 2);
}
