namespace RetryHandler.RateLimiting;

/// <summary>
/// Learns a window of the upstream, so many requests until an instant and then as many again, and keeps count of what
/// is spent of it. Pure; times are seconds.
/// </summary>
/// <remarks>
/// The upstream names the ends of its windows when it refuses, mostly rounded up to a whole second. From the first end
/// on, the count is known: beyond it a few attempts ask for the next end. Once the ends show the length
/// (<see cref="WindowEnds"/>), nothing is refused any more, but for one attempt in a spent window that asks for more:
/// in the first, and after twice as many each time that it is refused. Twice as many follow as long as they are taken.
/// It comes after a quarter of the window, so that a bucket, which is no window, gives itself away by what it takes.
/// </remarks>
internal sealed class WindowLedger
{
    /// <summary>How many requests taken in a spent window, at least, show that it is none.</summary>
    private const int LeastOfNoWindow = 10;

    /// <summary>How many windows with less than half in a row are none; twice as many if they slide.</summary>
    private const int MostMisfits = 2;

    /// <summary>How much longer a sliding window is taken for: requests don't travel evenly.</summary>
    private const double Irregularity = 1.01;

    /// <summary>The part of a window in which an end that is named was the one before, if little was taken.</summary>
    private const double Soon = 0.15;

    private WindowEnds _ends;
    private Indifference _indifference;
    private double _begunAt;
    private int _misfits;
    private bool _isSliding;
    private double _start;
    private double _end;
    private int _sent;
    private int _accepted;
    private int _refused;
    private int _extra;
    private bool _isEndUnknown;
    private WindowAsks _asks;

    public bool IsActive => Count > 0;

    /// <summary>Gets how many requests a window has room for; 0 while nothing is known of a window.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the length of a window in seconds; 0 until it is sure.</summary>
    public double Length => _ends.Length;

    /// <summary>Gets when the window began, while its length is not known.</summary>
    public double? StartOfUnknown => IsActive && Length == 0 ? _start : null;

    /// <summary>Gets whether the last refusal named the end that was known, rounded up.</summary>
    public bool IsEndSure { get; private set; }

    private int OnTheirWay => _sent - _accepted - _refused;

    private bool IsSpent => _sent - _refused >= Count + _extra;

    /// <summary>Gets whether a sign of a window is believed.</summary>
    public bool MayBegin(double now) => !IsActive && _indifference.IsOver(now);

    /// <summary>Starts to keep count.</summary>
    /// <param name="accepted">How many requests were taken between two ends, the probe for the second left out.</param>
    /// <param name="end">The end of the window, as the upstream named it or as a probe found it.</param>
    /// <param name="doubt">By how much it may be too late.</param>
    /// <param name="now">The time.</param>
    public void Begin(int accepted, double end, double doubt, double now)
    {
        (_begunAt, _isEndUnknown) = (now, false);
        Relearn(accepted, end, doubt);
    }

    /// <summary>Stops to keep count, because what the upstream does fits no window.</summary>
    public void Forget(double now)
    {
        (Count, _ends) = (0, default);
        _indifference.OnMistake(_begunAt, now);
    }

    /// <summary>Notes that a window began, because the gate's probe was taken.</summary>
    /// <param name="probeSentAt">When the probe was sent.</param>
    /// <param name="pause">How long before the probe nothing was sent.</param>
    public void Open(double probeSentAt, double pause)
    {
        if (_isEndUnknown)
        {
            _ends.Add(probeSentAt, pause);
        }

        StartAt(probeSentAt, probeSentAt);
        (_sent, _accepted) = (1, 1);
    }

    /// <summary>Counts anew, after a time in which it was not told of answers, or in which none came.</summary>
    public void Restart(double now)
    {
        if (IsActive)
        {
            StartAt(now, now);
        }
    }

    public void OnSend() => _sent++;

    public void OnReturn() => _sent = Math.Max(_accepted + _refused, _sent - 1);

    /// <summary>Computes the seconds until one more attempt may go; infinite until an answer comes.</summary>
    public double WaitFor(double now)
    {
        if (!IsActive)
        {
            return 0;
        }

        Roll(now);
        if (double.IsInfinity(_end) && OnTheirWay <= 0)
        {
            // Only an answer can tell the end, and none is to come: one more attempt asks for it.
            return 0;
        }

        if (!IsSpent || _refused > 0)
        {
            return _refused > 0 ? Waits.OrNone(_end - now) : 0;
        }

        var ask = Length > 0 && _extra == 0 ? _asks.In(_start, _end, now) : null;
        var wait = Waits.OrNone((ask ?? _end) - now);
        _extra = wait == 0 ? 1 : _extra;
        return wait;
    }

    /// <summary>Learns from an acceptance.</summary>
    /// <param name="sentAt">When the attempt was sent.</param>
    /// <returns>Whether what the upstream does still fits a window.</returns>
    public bool OnAccepted(double sentAt)
    {
        if (!IsActive || sentAt < _start)
        {
            return true;
        }

        _accepted++;
        if (_refused > 0)
        {
            Count = Math.Max(Count, _accepted); // Answers overtake each other.
        }
        else if (IsSpent && OnTheirWay == 0 && (_extra > 0 || Length == 0))
        {
            // The count is too low, or the window has ended meanwhile.
            Count = Length == 0 ? _accepted : Count;
            _extra = Math.Max(1, 2 * _extra);
            _asks.OnTaken();
        }

        return Length == 0 || _accepted - Count < Math.Max(LeastOfNoWindow, Count / 2);
    }

    /// <summary>Learns from a refusal.</summary>
    /// <param name="sentAt">When the attempt was sent.</param>
    /// <param name="now">The time.</param>
    /// <param name="delay">The seconds to the end of the window; 0 when unnamed.</param>
    /// <returns>Whether what the upstream does still fits a window.</returns>
    public bool OnRefused(double sentAt, double now, double delay)
    {
        if (sentAt < _start)
        {
            return true;
        }

        _refused++;
        _isEndUnknown = delay == 0;
        IsEndSure = delay > 0 && _accepted > 0 && !_isSliding && now + delay - _end is > 0 and < WindowEnds.Rounding;
        if (!IsEndSure && (delay > 0 || _accepted == 0 || Length == 0))
        {
            // A window that slides names the end of its first request, which may be one that came before all others.
            _end = Math.Max(now + delay, _isSliding && _accepted >= Count / 2 ? _end : 0);
        }

        if (delay > 0 && (_refused == 1 || Length > 0) && _accepted > 0)
        {
            _ends.Add(_end, WindowEnds.Rounding, isOnClock: !_isSliding);
        }

        return _refused > 1 || OnFirstRefused(now);
    }

    private bool OnFirstRefused(double now)
    {
        (var wasAsked, _extra) = (_extra > 0, 0);
        if (_accepted == 0 || (_accepted < Count / 2 && _end - now < Soon * Length))
        {
            OnTooEarly();
            return true;
        }

        (_misfits, Count) = _accepted < Count / 2 ? (_misfits + 1, Count) : (0, _accepted);
        _asks.OnRefused(wasAsked, _start, Length);
        return _misfits < (_isSliding ? 2 * MostMisfits : MostMisfits);
    }

    /// <summary>Finds what was wrong when little or nothing was taken at the beginning of a window.</summary>
    private void OnTooEarly()
    {
        // If not the length, then this: a window begins with the first request of the one before, not on the clock.
        _isSliding = Length > 0 && (!_isSliding || _accepted > 0);
        if (!_isSliding)
        {
            Relearn(Count, _end, 0);
        }
    }

    private void Relearn(int count, double end, double doubt)
    {
        (Count, _ends, _misfits, _isSliding) = (Math.Max(1, count), WindowEnds.Of(end, doubt), 0, false);
        _asks = WindowAsks.New;
    }

    private void Roll(double now)
    {
        if (Length == 0 || Waits.OrNone(_end - now) > 0)
        {
            return;
        }

        Count = Math.Max(Count, _sent - _refused);
        StartAt(now, Math.Max(now, _end));
    }

    /// <param name="now">The time.</param>
    /// <param name="boundary">The same, or the end of the last window, when that is a rounding error later.</param>
    private void StartAt(double now, double boundary)
    {
        (_start, _sent, _accepted, _refused, _extra, _isEndUnknown) = (now, 0, 0, 0, 0, false);
        _end = _isSliding ? now + (Irregularity * Length) : _ends.After(boundary);
    }
}
