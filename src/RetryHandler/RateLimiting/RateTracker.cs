namespace RetryHandler.RateLimiting;

/// <summary>Finds the rate that the upstream accepts, and follows it. Pure; a copy is a memory of how it was.</summary>
/// <remarks>
/// Three ways to move. <b>Search</b>, while nothing is known: double. <b>Cycle</b>, once a rate is known
/// (<see cref="RateCycle"/>): keep exactly to it for a while, then go over it until the upstream refuses; what it
/// accepted between two refusals, over the time between them, is its rate (<see cref="BurstGuess"/> has the exception).
/// <b>Share</b>, when refusals come again and again although the rate was kept: <see cref="SharedRate"/>.
/// </remarks>
internal struct RateTracker
{
    /// <summary>Fewer acceptances than this before a refusal make it a sign of others.</summary>
    private const int Soon = 100;

    /// <summary>How often the reserve is doubled at most.</summary>
    private const int MostIrregular = 5;

    /// <summary>How much each sign of others counts in their average.</summary>
    private const double Weight = 0.2;

    /// <summary>The average of the signs from which on the limit is shared: two in a row.</summary>
    private const double Others = 0.34;

    private RateCycle _cycle;
    private BurstGuess _burst;
    private SharedRate _shared;

    // What was accepted since the last try for more, and in what time.
    private double _count;
    private double _time;
    private int _refusalsSinceCut;
    private double _signsOfOthers;
    private int _irregularity;

    public double Rate { get; private set; }

    public bool IsSearching { get; private set; }

    public bool IsShared { get; private set; }

    /// <summary>Gets how many tokens the upstream is left after a refusal, to have some in reserve.</summary>
    /// <remarks>
    /// A hundredth of a second's worth: with none, every irregularity of the network is a refusal. Twice as many for
    /// each refusal that nobody asked for, if that is less than a hundredth of what the cycle sends: a network with
    /// round trips of 10 to 200 ms needs sixteen times as many.
    /// </remarks>
    public readonly double Reserve
    {
        get
        {
            var least = Math.Max(0.25, 0.01 * _cycle.Anchor);
            return Math.Max(least, Math.Min(least * (1 << _irregularity), 0.01 * _cycle.Sends));
        }
    }

    /// <summary>Gets whether a reserve may be doubted: not while others are in sight.</summary>
    private readonly bool MayGuess => _signsOfOthers < 0.1;

    /// <summary>Starts to search.</summary>
    public void Search(double rate)
    {
        (Rate, IsSearching, IsShared, _signsOfOthers, _count, _time) = (rate, true, false, 0, 0, 0);
        _cycle.ForgetConfirmations();
    }

    /// <summary>Grows, by one acceptance.</summary>
    /// <param name="busyTime">For how many of the seconds since the last call callers waited for a token.</param>
    /// <param name="roundTrip">The time of a round trip: what is sent now is answered then.</param>
    public void Grow(double busyTime, double roundTrip)
    {
        _cycle.Advance(busyTime);
        if (IsSearching)
        {
            Rate *= Math.Pow(2, Math.Min(1, busyTime / Math.Max(0.1, 1.5 * roundTrip)));
        }
        else if (IsShared)
        {
            _shared.OnAccepted(busyTime);
            Rate = _shared.Rate;
            if (_shared.IsAlone)
            {
                Leave(Rate);
            }
        }
        else if (_cycle.IsAsking && Rate > 0)
        {
            Rate = _cycle.Exceed(busyTime, Math.Max(0.2, Math.Max(2 * roundTrip, 2 / Rate)));
        }
    }

    /// <summary>Counts a refusal, and gives way to others.</summary>
    /// <returns>Whether nothing more is to be learned from it.</returns>
    public bool Absorb()
    {
        _refusalsSinceCut++;
        if (IsShared)
        {
            _shared.OnRefused();
            Rate = _shared.Rate;
        }

        return IsShared;
    }

    /// <summary>Learns from a refusal that was not absorbed.</summary>
    /// <param name="accepted">What was accepted since the last refusal that was learned from.</param>
    /// <param name="busyTime">For how many seconds, of all so far, callers waited.</param>
    /// <param name="roundTrip">The time of a round trip.</param>
    /// <param name="now">The time in seconds.</param>
    public void OnRefused(in AcceptedRate accepted, double busyTime, double roundTrip, double now)
    {
        var hasFallen = HasFallen(accepted.Count);
        var rate = accepted.RateAt(now);
        _refusalsSinceCut = 0;
        if (IsSearching)
        {
            Settle(Math.Clamp(rate, 0.25 * Rate, 0.8 * Rate), now);
            return;
        }

        if (_cycle.IsAsking || hasFallen)
        {
            (_count, _time) = (0, 0);
        }

        _count += accepted.Count;
        _time += accepted.Elapsed(now);
        if (!accepted.WasBusy(now, busyTime))
        {
            // While callers hold the rate down, what was accepted says what they wanted, and no more.
            Settle(Math.Min(_cycle.Anchor, Math.Max(rate, 0.7 * Rate)), now);
            return;
        }

        var measured = _count / _time;
        _irregularity = Math.Clamp(_irregularity + (_cycle.IsAsking ? -1 : 1), 0, MostIrregular);
        var isLearned = _cycle.IsAsking || hasFallen
            ? IsGuessed(measured, hasFallen)
            : IsGuessRefuted(measured, out var isRefuted)
                || (!isRefuted && IsSignOfOthers(accepted.Count, roundTrip) && AreThereOthers());
        if (!isLearned)
        {
            Settle(Math.Clamp(measured, 0.5 * _cycle.Anchor, Rate), now);
        }
    }

    /// <summary>Takes a measured rate for the upstream's.</summary>
    public void Settle(double rate, double now)
    {
        _cycle.Settle(rate, isFirst: IsSearching, now);
        KeepToAnchor();
    }

    /// <summary>Gets whether the upstream takes so much less than before that the past says nothing.</summary>
    private readonly bool HasFallen(int accepted) =>
        _refusalsSinceCut >= 3 && _refusalsSinceCut > 0.7 * accepted;

    private bool IsGuessed(double measured, bool hasFallen)
    {
        if (hasFallen)
        {
            _signsOfOthers = 0;
            return false;
        }

        _signsOfOthers *= 1 - (Weight / 2);
        var guess = MayGuess ? _burst.OnAskedRefusal(_cycle, measured, Rate, Reserve) : 0;
        if (guess > 0)
        {
            _cycle.Try(guess);
            KeepToAnchor();
        }

        return guess > 0;
    }

    private bool IsGuessRefuted(double measured, out bool isRefuted)
    {
        var guess = 0.0;
        isRefuted = MayGuess && _burst.TryRefute(measured, _cycle.Anchor, out guess);
        if (guess > 0)
        {
            _cycle.Keep(guess);
            KeepToAnchor();
        }

        return guess > 0;
    }

    /// <summary>Gets whether a refusal that nobody asked for came too soon for one who is alone.</summary>
    /// <remarks>With many requests on their way, the first one may be the network's doing.</remarks>
    private readonly bool IsSignOfOthers(int accepted, double roundTrip) =>
        accepted < Soon && _time >= 10 * roundTrip && (_irregularity > 1 || Rate * roundTrip < 2);

    private bool AreThereOthers()
    {
        _signsOfOthers += Weight * (1 - _signsOfOthers);
        if (_signsOfOthers < Others)
        {
            return false;
        }

        IsShared = true;
        _shared.Begin(Math.Min(Rate, _cycle.Anchor));
        Rate = _shared.Rate;
        return true;
    }

    private void Leave(double rate)
    {
        (IsShared, _signsOfOthers, _count, _time) = (false, 0, 0, 0);
        _cycle.Keep(rate, 1);
        KeepToAnchor();
    }

    private void KeepToAnchor() => (Rate, IsSearching) = (_cycle.Anchor, false);
}
