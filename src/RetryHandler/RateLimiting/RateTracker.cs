namespace RetryHandler.RateLimiting;

/// <summary>Finds the rate that the upstream accepts, and follows it. Pure; a copy is a memory of how it was.</summary>
/// <remarks>
/// Three ways to move. <b>Search</b>, while nothing is known: double. <b>Cycle</b>, once a rate is known: keep exactly
/// to it for a while, then go over it, by a little at first and twice as much each time, until the upstream refuses;
/// what it accepted between two refusals, over the time between them, is its rate. Each time that this confirms the
/// rate, the next cycle is twice as long. <b>Share</b>, when refusals come although the rate was kept: others live on
/// the same limit; give way in proportion and come back in equal steps, which makes the shares even.
/// </remarks>
internal struct RateTracker
{
    /// <summary>How long a rate is kept at most before the next try for more, in seconds.</summary>
    private const double LongestCycle = 20;

    /// <summary>The same while the limit is known to move: 90 % of a new rate must be found within 5 s.</summary>
    private const double LongestWatchfulCycle = 2;

    /// <summary>How long a limit that has moved is watched, in seconds: it may move again.</summary>
    private const double WatchfulTime = 300;

    /// <summary>How many sends a cycle has at least: one of them is refused.</summary>
    private const double SendsPerCycle = 20;

    /// <summary>The share of the rate that a try for more begins with.</summary>
    private const double FirstExcess = 0.02;

    /// <summary>The same while the rate is a guess.</summary>
    private const double FirstExcessOfGuess = 0.1;

    /// <summary>What remains of a shared rate after a refusal.</summary>
    private const double SharedCut = 0.7;

    /// <summary>How many acceptances lie between the refusals of a limit that others share and keep to.</summary>
    private const int RareRefusal = 25;

    /// <summary>How long no refusal of a shared limit means that the others have gone, in seconds.</summary>
    private const double AloneAgain = 40;

    private double _anchor;
    private double _cycle;
    private double _clock;
    private double _excess;
    private int _confirmations;
    private double _watchfulUntil;
    private double _unasked;
    private double _count;
    private double _time;

    public double Rate { get; private set; }

    public bool IsSearching { get; private set; }

    public readonly bool IsShared => _unasked > 0.5;

    /// <summary>Gets how many tokens the upstream is left after a refusal, to have some in reserve.</summary>
    /// <remarks>A hundredth of a second's worth: with none, every irregularity of the network is a refusal.</remarks>
    public readonly double Reserve => Math.Max(1, 0.01 * _anchor);

    /// <summary>Starts to search.</summary>
    public void Search(double rate)
    {
        (Rate, IsSearching, _confirmations, _unasked) = (rate, true, 0, 0);
    }

    /// <summary>Grows, by one acceptance.</summary>
    /// <param name="busyTime">For how many of the seconds since the last call callers waited for a token.</param>
    /// <param name="roundTrip">The time of a round trip: what is sent now is answered then.</param>
    public void Grow(double busyTime, double roundTrip)
    {
        if (IsSearching)
        {
            Rate *= Doubling(busyTime, Math.Max(0.1, 1.5 * roundTrip));
            return;
        }

        _clock += busyTime;
        if (IsShared)
        {
            Rate += busyTime * ((0.01 * _anchor) + 0.04);
            if (_clock > AloneAgain)
            {
                Anchor(Rate, 0);
                _unasked = 0;
            }
        }
        else if (_clock >= _cycle)
        {
            var doublingTime = Math.Max(0.2, Math.Max(2 * roundTrip, 2 / Rate));
            _excess = _excess == 0
                ? (_confirmations == 0 ? FirstExcessOfGuess : FirstExcess)
                : _excess * Doubling(busyTime, doublingTime);
            Rate = _anchor * (1 + _excess);
        }
    }

    /// <summary>Learns from a refusal.</summary>
    /// <param name="accepted">What was accepted since the refusal before.</param>
    /// <param name="busyTime">For how many seconds, of all so far, callers waited.</param>
    /// <param name="now">The time in seconds.</param>
    /// <returns>Whether the rate was lowered or confirmed; not so when the refusal says nothing about it.</returns>
    public bool OnRefused(in AcceptedRate accepted, double busyTime, double now)
    {
        var rate = accepted.RateAt(now);
        if (IsSearching)
        {
            Settle(Math.Clamp(rate, 0.25 * Rate, 0.8 * Rate), now);
            return true;
        }

        if (IsShared)
        {
            Anchor(SharedCut * Rate, _cycle);
            return true;
        }

        var wasAsked = _clock >= _cycle;
        var memory = wasAsked || _confirmations == 0 ? 0 : 0.5;
        _count = (memory * _count) + accepted.Count;
        _time = (memory * _time) + accepted.Elapsed(now);
        var isAsBefore = !wasAsked && _confirmations > 0 && _count > 0.75 * _time * _anchor;
        if (isAsBefore && accepted.Count < RareRefusal)
        {
            // Refusals at random, whatever the rate: to give way to them would end at the floor.
            return false;
        }

        _unasked = (0.8 * _unasked) + (isAsBefore && accepted.Elapsed(now) >= 5 ? 0.2 : 0);
        if (_unasked > 0.35)
        {
            _unasked = 1;
        }

        // While callers hold the rate down, what was accepted says what they wanted, and no more.
        Settle(
            accepted.WasBusy(now, busyTime)
                ? Math.Clamp(_count / _time, 0.5 * _anchor, Rate)
                : Math.Min(_anchor, Math.Max(rate, 0.7 * Rate)),
            now);
        return true;
    }

    /// <summary>Takes a measured rate for the upstream's.</summary>
    public void Settle(double rate, double now)
    {
        var isConfirmed = !IsSearching && rate > 0.8 * _anchor && rate < 1.25 * _anchor;
        if (!isConfirmed && _confirmations >= 3)
        {
            _watchfulUntil = now + WatchfulTime;
        }

        _confirmations = isConfirmed ? _confirmations + 1 : 0;
        var longest = now < _watchfulUntil ? LongestWatchfulCycle : LongestCycle;
        var shortest = Math.Min(Math.Clamp(SendsPerCycle / rate, 0.5, 10), longest);
        Anchor(rate, Math.Clamp(isConfirmed ? 2 * _cycle : 0, shortest, longest));
    }

    private static double Doubling(double time, double doublingTime) => Math.Pow(2, Math.Min(1, time / doublingTime));

    private void Anchor(double rate, double cycle) =>
        (_anchor, Rate, _cycle, _clock, _excess, IsSearching) = (rate, rate, cycle, 0, 0, false);
}
