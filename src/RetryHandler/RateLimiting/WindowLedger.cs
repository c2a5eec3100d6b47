namespace RetryHandler.RateLimiting;

/// <summary>
/// Learns a window of the upstream, so many requests until an instant and then as many again, and keeps count of what
/// is spent of it. Pure; times are seconds.
/// </summary>
/// <remarks>
/// The upstream names the ends of its windows when it refuses, mostly rounded up to a whole second. From the first end
/// on, the count is known: beyond it a few attempts at a time ask for the next end. Once the ends show the length, the
/// next end is known beforehand, and nothing is refused any more.
/// </remarks>
internal sealed class WindowLedger
{
    /// <summary>In every eighth window one attempt more is tried, and twice as many if that is taken.</summary>
    private const int WindowsPerProbe = 8;

    /// <summary>How late a window's end may be named, in seconds: Retry-After is rounded up.</summary>
    private const double Rounding = 1;

    private const int MostMisfits = 2;

    private double _firstEnd;
    private double _anyEnd;
    private int _ends;
    private int _misfits;

    private double _start;
    private double _end;
    private int _sent;
    private int _accepted;
    private int _refused;
    private int _extra;
    private int _windows;
    private bool _isEndUnknown;

    public bool IsActive => Count > 0;

    /// <summary>Gets how many requests a window has room for; 0 while nothing is known of a window.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the length of a window in seconds; 0 until it is sure.</summary>
    public double Length { get; private set; }

    private int OnTheirWay => _sent - _accepted - _refused;

    private bool IsSpent => _sent - _refused >= Count + _extra;

    /// <summary>Starts to keep count.</summary>
    /// <param name="accepted">How many requests were taken between two ends, the probe for the second left out.</param>
    /// <param name="end">The end of the window, as the upstream named it or as a probe found it.</param>
    public void Begin(int accepted, double end)
    {
        (Count, Length, _misfits) = (Math.Max(1, accepted), 0, 0);
        (_firstEnd, _anyEnd, _ends) = (end, end, 1);
    }

    public void Forget() => (Count, Length) = (0, 0);

    /// <summary>Notes that a window began, because the gate's probe was taken.</summary>
    /// <param name="probeSentAt">When the probe was sent.</param>
    /// <param name="pause">How long before the probe nothing was sent.</param>
    public void Open(double probeSentAt, double pause)
    {
        if (_isEndUnknown)
        {
            Learn(probeSentAt, pause);
        }

        StartAt(probeSentAt, probeSentAt);
        (_sent, _accepted) = (1, 1);
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

        return IsSpent || _refused > 0 ? Waits.OrNone(_end - now) : 0;
    }

    public void OnAccepted(double sentAt)
    {
        if (!IsActive || sentAt < _start)
        {
            return;
        }

        _accepted++;
        if (_refused > 0)
        {
            // Answers overtake each other.
            Count = Math.Max(Count, _accepted);
        }
        else if (IsSpent && Length == 0 && OnTheirWay == 0)
        {
            // The count is too low, or the window has ended meanwhile.
            Count = _accepted;
            _extra = Math.Max(1, 2 * _extra);
        }
    }

    /// <summary>Learns from a refusal.</summary>
    /// <param name="sentAt">When the attempt was sent.</param>
    /// <param name="now">The time.</param>
    /// <param name="delay">The seconds to the end of the window; 0 when the upstream does not say.</param>
    /// <returns>Whether what the upstream does still fits a window.</returns>
    public bool OnRefused(double sentAt, double now, double delay)
    {
        if (sentAt < _start)
        {
            return true;
        }

        _refused++;
        _end = now + delay;
        _isEndUnknown = delay == 0;
        if (_refused > 1)
        {
            return true;
        }

        _extra = 0;
        if (_accepted == 0)
        {
            // Too early: the length is wrong.
            Begin(Count, _end);
            return true;
        }

        _misfits = _accepted < Count / 2 ? _misfits + 1 : 0;
        Count = _accepted;
        if (delay > 0)
        {
            Learn(_end, Rounding);
        }

        return _misfits < MostMisfits;
    }

    private void Learn(double end, double doubt)
    {
        var windows = Length > 0 ? Math.Round((end - _firstEnd) / Length) : _ends++;
        var length = (end - _firstEnd) / windows;
        doubt /= windows;
        if (Length == 0 && doubt <= 0.12 * length)
        {
            var whole = Math.Round(length);
            Length = Math.Abs(length - whole) <= doubt ? whole : length;
        }

        if (Length > 0)
        {
            // Rounded up, an end is late by up to a second: the earliest is the truest.
            _anyEnd = Math.Min(_anyEnd, end - (Length * windows));
        }
    }

    private void Roll(double now)
    {
        if (Length == 0 || Waits.OrNone(_end - now) > 0)
        {
            return;
        }

        var wasTaken = _extra > 0 && _sent - _refused > Count;
        Count = Math.Max(Count, _sent - _refused);
        _windows++;
        _extra = wasTaken ? 2 * _extra : _windows % WindowsPerProbe == 0 ? 1 : 0;
        StartAt(now, Math.Max(now, _end));
    }

    /// <param name="now">The time.</param>
    /// <param name="boundary">The same, or the end of the last window, when that is a rounding error later.</param>
    private void StartAt(double now, double boundary)
    {
        (_start, _sent, _accepted, _refused, _isEndUnknown) = (now, 0, 0, 0, false);
        _end = Length > 0
            ? _anyEnd + (Length * (Math.Floor(((boundary - _anyEnd) / Length) + 1e-9) + 1))
            : double.PositiveInfinity;
    }
}
