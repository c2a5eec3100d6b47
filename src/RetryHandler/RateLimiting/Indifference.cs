namespace RetryHandler.RateLimiting;

/// <summary>
/// Says for how long a sign is not believed after it has misled: longer after each mistake. Pure; times are seconds.
/// </summary>
internal struct Indifference
{
    private const double Shortest = 10;

    private const double Longest = 640;

    /// <summary>A belief that was of use for so long was none.</summary>
    private const double Proof = 60;

    private double _length;
    private double _until;

    public readonly bool IsOver(double now) => now >= _until;

    /// <summary>Begins, because a belief was a mistake.</summary>
    /// <param name="believedSince">Since when it was believed.</param>
    /// <param name="now">The time.</param>
    /// <param name="first">How long it is after the first mistake.</param>
    public void OnMistake(double believedSince, double now, double first = Shortest)
    {
        _length = _length == 0 || now - believedSince > Proof ? first : Math.Min(2 * _length, Longest);
        _until = now + _length;
    }

    /// <summary>Begins for the shortest time, because nothing can be told now.</summary>
    public void OnNothingToTell(double now) => _until = now + Shortest;
}
