namespace RetryHandler.RateLimiting;

/// <summary>
/// Keeps to a known rate for a while, and then tries for more: by a little at first and twice as much each time. Pure;
/// times are seconds.
/// </summary>
internal struct RateCycle
{
    /// <summary>How long a rate is kept at most before the next try for more.</summary>
    private const double Longest = 20;

    /// <summary>The same below 1/s, where a cycle would have fewer sends than it has to have at least.</summary>
    private const double LongestOfSlow = 120;

    /// <summary>The same while the limit is known to move: 90 % of a new rate must be found within 5 s.</summary>
    private const double LongestWatchful = 2;

    /// <summary>How long a limit that has moved is watched: it may move again.</summary>
    private const double WatchfulTime = 300;

    /// <summary>How often in a row a rate is confirmed that is no accident.</summary>
    private const int Established = 3;

    /// <summary>How many sends a cycle has at least: one of them is refused.</summary>
    private const double LeastSends = 20;

    /// <summary>
    /// How many sends a cycle has at most, if it lasts for two seconds: a refusal more or less is of no account then,
    /// and a limit that has risen is found sooner.
    /// </summary>
    private const double MostSends = 400;

    /// <summary>How many times as long as the pause a rate is kept whose refusal ended with one.</summary>
    private const double PausesInCycle = 10;

    /// <summary>The share of the rate that a try for more begins with.</summary>
    private const double FirstExcess = 0.02;

    /// <summary>The same while the rate is a guess.</summary>
    private const double FirstExcessOfGuess = 0.1;

    private double _length;
    private double _clock;
    private double _excess;
    private int _confirmations;
    private double _watchfulUntil;

    /// <summary>Gets the rate that is kept.</summary>
    public double Anchor { get; private set; }

    /// <summary>Gets whether a rate has been found again and again since the last search.</summary>
    public bool IsEstablished { get; private set; }

    /// <summary>Gets how many attempts were accepted in the try for more.</summary>
    public int Tried { get; private set; }

    /// <summary>Gets whether the rate has been kept for long enough, so that a refusal is asked for.</summary>
    public readonly bool IsAsking => _clock >= _length;

    /// <summary>Gets how long the try for more has lasted.</summary>
    public readonly double AskingTime => _clock - _length;

    /// <summary>Gets how many attempts the rate is kept for.</summary>
    public readonly double Sends => _length * Anchor;

    public void Advance(double busyTime) => _clock += busyTime;

    /// <summary>Gets whether an acceptance for which nobody waited is only counted.</summary>
    public readonly bool IsCalm => !IsAsking || _excess > 0;

    public void Count(int accepted) => Tried += accepted;

    public void ForgetConfirmations() => (_confirmations, IsEstablished) = (0, false);

    /// <summary>Goes over the rate, by one acceptance.</summary>
    /// <param name="busyTime">For how many seconds callers waited since the last one.</param>
    /// <param name="roundTrip">The time of a round trip.</param>
    /// <returns>The rate to send at.</returns>
    public double Exceed(double busyTime, double roundTrip)
    {
        if (_excess == 0)
        {
            _excess = _confirmations == 0 ? FirstExcessOfGuess : FirstExcess;
            Tried = 0;
        }
        else
        {
            _excess *= Math.Pow(2, Math.Min(1, busyTime / DoublingTime(roundTrip)));
        }

        Tried++;
        return Anchor * (1 + _excess);
    }

    /// <summary>Computes the rate of the try for more as it was a round trip ago.</summary>
    public readonly double RateBefore(double roundTrip) =>
        Anchor * (1 + (_excess * Math.Pow(2, -roundTrip / DoublingTime(roundTrip))));

    /// <summary>Takes a measured rate for the upstream's; twice as long a cycle, when it is the one that was
    /// kept.</summary>
    public void Settle(double rate, bool isFirst, double now)
    {
        var isConfirmed = !isFirst && rate > 0.8 * Anchor && rate < 1.25 * Anchor;
        if (!isConfirmed && _confirmations >= Established)
        {
            _watchfulUntil = now + WatchfulTime;
        }

        _confirmations = isConfirmed ? _confirmations + 1 : 0;
        IsEstablished |= _confirmations >= Established;
        var most = Math.Clamp(LeastSends / rate, Longest, LongestOfSlow);
        var longest = now < _watchfulUntil ? LongestWatchful : Math.Clamp(MostSends / rate, LongestWatchful, most);
        var shortest = Math.Min(Math.Clamp(LeastSends / rate, 0.5, 10), longest);
        Keep(rate, Math.Clamp(isConfirmed ? 2 * _length : 0, shortest, longest));
    }

    /// <summary>Keeps to the rate for longer: the next try for more may cost as much time as the last.</summary>
    public void OnClosed(double pause, double now) =>
        _length = Math.Max(_length, Math.Min(PausesInCycle * pause, now < _watchfulUntil ? LongestWatchful : Longest));

    /// <summary>Tries a rate that may be wrong, for no longer than it takes to see.</summary>
    public void Try(double rate) => Keep(rate, Math.Clamp(LeastSends / rate, 0.5, Math.Max(0.5, _length)));

    /// <summary>Keeps to a rate, for as long as to the last one.</summary>
    public void Keep(double rate) => Keep(rate, _length);

    /// <summary>Keeps to a rate for a time.</summary>
    public void Keep(double rate, double length) => (Anchor, _length, _clock, _excess) = (rate, length, 0, 0);

    /// <summary>In how many seconds the excess doubles: not before answers show what the last step did.</summary>
    private readonly double DoublingTime(double roundTrip) =>
        Math.Max(0.2, Math.Max(2 * roundTrip, 2 / (Anchor * (1 + _excess))));
}
