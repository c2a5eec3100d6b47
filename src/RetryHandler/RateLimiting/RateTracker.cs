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

    /// <summary>As many acceptances make a rate known that has fallen; half as many, one below 1/s.</summary>
    private const int LeastKnown = 20;

    /// <summary>How often the reserve is doubled at most.</summary>
    private const int MostIrregular = 5;

    private RateCycle _cycle;
    private BurstGuess _burst;
    private SharedRate _shared;

    // What was accepted since the last try for more, and in what time.
    private double _count;
    private double _time;
    private RefusalRun _run;
    private int _leastKnown;
    private SignsOfOthers _others;
    private int _irregularity;

    public double Rate { get; private set; }

    public bool IsSearching { get; private set; }

    public bool IsShared { get; private set; }

    /// <summary>Gets whether an acceptance for which nobody waited leaves the rate as it is.</summary>
    public readonly bool IsCalm => IsSearching || IsShared || _cycle.IsCalm;

    /// <summary>Gets how many tokens the upstream is left after a refusal, to have some in reserve.</summary>
    /// <remarks>
    /// A hundredth of a second's worth: with none, every irregularity of the network is a refusal. Twice as many for
    /// each refusal that nobody asked for, if that is less than a hundredth of what the cycle sends: a network with
    /// round trips of 10 to 200 ms needs sixteen times as many.
    /// </remarks>
    public readonly double Reserve =>
        Math.Max(LeastReserve, Math.Min(LeastReserve * (1 << _irregularity), 0.01 * _cycle.Sends));

    private readonly double LeastReserve => Math.Max(0.25, 0.01 * _cycle.Anchor);

    private readonly double RateOfRun => Math.Clamp(_run.Rate, 0.1 * Rate, Rate);

    /// <summary>Starts to search.</summary>
    public void Search(double rate)
    {
        (Rate, IsSearching, IsShared, _others, _count, _time) = (rate, true, false, default, 0, 0);
        _cycle.ForgetConfirmations();
    }

    /// <summary>Counts acceptances for which nobody waited; those without tokens raise a search.</summary>
    public void Count(int accepted, double unboundRate)
    {
        _cycle.Count(accepted);
        if (IsSearching && unboundRate > Rate)
        {
            Search(unboundRate);
        }
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
            // No more than was seen: the first answer after a pause says nothing about the time before it.
            Rate = _shared.OnAccepted(Math.Min(busyTime, Math.Max(1, Math.Max(2 * roundTrip, 2 / Rate))));
            if (_shared.IsAlone)
            {
                (IsShared, _others, _count, _time) = (false, default, 0, 0);
                _cycle.Keep(Rate, 1);
                KeepToAnchor();
            }
        }
        else if (_cycle.IsAsking && Rate > 0)
        {
            Rate = _cycle.Exceed(busyTime, roundTrip);
        }
    }

    /// <summary>Gives way to others, while the limit is shared.</summary>
    /// <returns>Whether nothing more is to be learned from the refusal.</returns>
    public bool Absorb(in AcceptedRate accepted, double busyTime, double now)
    {
        if (!IsShared)
        {
            return false;
        }

        _run.Follow(accepted, busyTime, Rate, now);
        if (_run.HasFallen)
        {
            _shared.Fall(RateOfRun, now);
        }
        else
        {
            _shared.OnRefused(now);
        }

        Rate = _shared.Rate;
        return true;
    }

    /// <summary>Learns from a refusal that was not absorbed.</summary>
    /// <param name="accepted">What was accepted since the last refusal that was learned from.</param>
    /// <param name="busyTime">For how many seconds, of all so far, callers waited.</param>
    /// <param name="roundTrip">The time of a round trip.</param>
    /// <param name="wasClosed">Whether the client stood before a closed door meanwhile.</param>
    /// <param name="now">The time in seconds.</param>
    /// <returns>Whether the upstream's rate has certainly fallen.</returns>
    public bool OnRefused(in AcceptedRate accepted, double busyTime, double roundTrip, bool wasClosed, double now)
    {
        if (IsSearching)
        {
            Settle(Math.Clamp(accepted.BusyRateAt(now, busyTime), 0.25 * Rate, 0.8 * Rate), now);
            return false;
        }

        _run.Follow(accepted, busyTime, Rate, now);
        if (_run.HasFallen)
        {
            (_count, _time, _leastKnown, _others) = (_run.Count, _run.Time, LeastKnown, default);
            _burst.OnFall();
            Settle(RateOfRun, now);
            return true;
        }

        if (_cycle.IsAsking)
        {
            (_count, _time, _leastKnown) = (0, 0, 0);
        }

        (_count, _time) = (_count + accepted.Count, _time + accepted.Elapsed(now));
        if (!accepted.WasBusy(now, busyTime))
        {
            // While callers hold the rate down, what was accepted says what they wanted, and no more. In a try for more
            // they don't, but were all told to come later before it: the bucket had time to overflow.
            if (!_cycle.IsAsking || wasClosed || !IsGuessed(_cycle.Anchor, accepted.Count, roundTrip))
            {
                Settle(Math.Min(_cycle.Anchor, Math.Max(accepted.RateAt(now), 0.7 * Rate)), now);
            }

            return false;
        }

        var measured = _count / _time;
        _irregularity = Math.Clamp(_irregularity + (_cycle.IsAsking ? -1 : 1), 0, MostIrregular);
        var isLearned = _cycle.IsAsking
            ? IsGuessed(measured, accepted.Count, roundTrip)
            : IsGuessRefuted(measured, out var isRefuted)
                || (!isRefuted && AreThereOthers(accepted.Count, roundTrip) && Share(now));
        if (!isLearned)
        {
            // What was kept for a whole cycle is no more than the upstream takes.
            Settle(Math.Clamp(measured, (_cycle.IsAsking ? 1 : 0.5) * _cycle.Anchor, Rate), now);
        }

        return false;
    }

    /// <summary>Learns that a refusal was followed by a pause that the server asked for.</summary>
    public void OnClosed(double pause, double now) => _cycle.OnClosed(pause, now);

    /// <summary>Takes back what was learned since an earlier state, but for the run of refusals.</summary>
    public void Undo(in RateTracker before) => this = before with { _run = _run };

    /// <summary>Takes a measured rate for the upstream's.</summary>
    public void Settle(double rate, double now)
    {
        _cycle.Settle(rate, isFirst: IsSearching, now);
        KeepToAnchor();
    }

    private bool IsGuessed(double measured, int accepted, double roundTrip)
    {
        _others.Fade(accepted);

        // A reserve is not doubted while others are in sight: they would not let anybody come to twice the rate.
        var refused = _cycle.RateBefore(roundTrip);
        var guess = !_others.AreInSight || refused > 2 * measured
            ? _burst.OnAskedRefusal(_cycle, measured, Rate, refused, Reserve)
            : 0;
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
        isRefuted = _burst.TryRefute(measured, _cycle.Anchor, out guess);
        if (guess > 0)
        {
            _leastKnown = (int)_count + LeastKnown;
            _cycle.Keep(guess);
            KeepToAnchor();
        }

        return guess > 0;
    }

    /// <summary>Gets whether a refusal that nobody asked for means that others are there.</summary>
    /// <remarks>
    /// Soon after a try for more it may be what came of it; with many requests on their way, the first one may be the
    /// network's doing; and once a rate is known well, one soon after another may be the beginning of a fall.
    /// </remarks>
    private bool AreThereOthers(int accepted, double roundTrip)
    {
        var isSettled = _time >= 10 * roundTrip;
        var outnumber = isSettled && _others.AddUnasked(Rate * roundTrip);
        var isNoFall = !_cycle.IsEstablished || _run.IsNew || _run.IsClear;
        var isSign = isSettled && accepted < Soon && _count >= Math.Max(_leastKnown, Rate < 1 ? LeastKnown / 2 : 0)
            && (_irregularity > 1 || Rate * roundTrip < 2);
        return isNoFall && (outnumber || (isSign && _others.Add()));
    }

    private bool Share(double now)
    {
        IsShared = true;
        _shared.Begin(Math.Min(Rate, _cycle.Anchor), now);
        Rate = _shared.Rate;
        return true;
    }

    private void KeepToAnchor() => (Rate, IsSearching) = (_cycle.Anchor, false);
}
