namespace RetryHandler.RateLimiting;

/// <summary>
/// Says how long to stay away from an upstream that refuses everything, and whether it was the end of a window. Pure;
/// times are seconds.
/// </summary>
internal struct ClosedDoor
{
    /// <summary>How many refusals in a row are a closed door, even while a limit is shared.</summary>
    public const int LeastRefusals = 6;

    /// <summary>The longest pause before the next probe when the server names none.</summary>
    private const double LongestPause = 10;

    /// <summary>A named delay from which on it is taken for the rest of a window.</summary>
    private const double LeastOfNamedEnd = 2;

    /// <summary>How many requests a window has room for at least, to be taken for one.</summary>
    private const int LeastOfWindow = 10;

    /// <summary>How many probes in a row a window refuses at least that does not name its end.</summary>
    private const int LeastClosures = 3;

    /// <summary>
    /// A named second says little: it may be the rest of one, rounded up, or what the upstream always says. After such
    /// a part of it somebody looks.
    /// </summary>
    private const double FirstLook = 0.25;

    private int _closures;
    private double _closedAt;
    private double _namedEnd;
    private int _suspectedCount;
    private double _refusedAt;
    private double _leastLength;
    private double _mostLength;

    public readonly bool IsClosed => _closures > 0;

    /// <summary>Gets whether nothing is known of a pause.</summary>
    public readonly bool IsWideOpen => _closures == 0 && _namedEnd == 0;

    /// <summary>Gets how long the last pause was that the server did not name.</summary>
    public double Pause { get; private set; }

    /// <summary>Gets by how much the end of the door's window may be too late.</summary>
    public readonly double Doubt => _namedEnd > 0 ? 0 : Pause;

    /// <summary>Notes the delay that a refusal names.</summary>
    public void OnNamedDelay(double delay, double now)
    {
        if (delay >= LeastOfNamedEnd)
        {
            // Delays are rounded up: the earliest end is the truest, but one that has passed was none.
            _namedEnd = _namedEnd > now ? Math.Min(_namedEnd, now + delay) : now + delay;
        }
    }

    /// <summary>Computes for how long it has been closed; 0 when it is not.</summary>
    public readonly double ClosedTime(double now) => IsClosed ? now - _closedAt : 0;

    /// <summary>Gets whether the instant that the server named has come.</summary>
    public readonly bool HasEnded(double now) => _namedEnd > 0 && now >= _namedEnd;

    /// <summary>Closes it: once more, when a probe was refused.</summary>
    /// <param name="delay">The delay that the refusal names; 0 when it names none.</param>
    /// <param name="unit">The shortest sensible pause: a round trip, or the time of one attempt.</param>
    /// <param name="windowStart">When the window began, if it is one and its length is not known.</param>
    /// <param name="sentAt">When the attempt was sent that was refused.</param>
    /// <param name="now">The time.</param>
    /// <returns>For how long.</returns>
    public double Close(double delay, double unit, double? windowStart, double sentAt, double now)
    {
        if (_closures++ == 0)
        {
            _closedAt = now;
        }

        _refusedAt = sentAt;
        Pause = _closures == 1 ? Math.Max(2 * unit, FirstLook * Math.Min(1, delay)) : 2 * Pause;
        if (windowStart is { } start && now < start + _mostLength)
        {
            // Between the lengths that the last window had at least and at most: each time the two come closer.
            var step = Math.Max(0.1 * _leastLength, 0.2 * (_mostLength - _leastLength));
            Pause = Math.Max(Math.Max(unit, step), start + (0.95 * _leastLength) - now);
        }

        Pause = Math.Min(LongestPause, Pause);
        return delay > 1 ? delay : Pause;
    }

    /// <summary>Opens it, because a probe was accepted.</summary>
    /// <param name="windowStart">When the window began, if it is one and its length is not known.</param>
    /// <param name="probedAt">When the probe was sent.</param>
    public void Reopen(double? windowStart, double probedAt)
    {
        (_leastLength, _mostLength) = windowStart is { } start ? (_refusedAt - start, probedAt - start) : (0, 0);
        Open();
    }

    public void Open() => (_closures, _namedEnd) = (0, 0);

    /// <summary>
    /// Gets whether this was the door of a window: it was shut until a named instant, or it was shut for long, a second
    /// time after about as many acceptances as the first time.
    /// </summary>
    /// <param name="accepted">How many requests were accepted before it closed.</param>
    /// <param name="least">How long it must have been closed at least.</param>
    /// <param name="probedAt">When the probe was sent that found it open.</param>
    /// <param name="now">The time.</param>
    /// <param name="end">The end of the window.</param>
    public bool WasWindow(int accepted, double least, double probedAt, double now, out double end)
    {
        end = _namedEnd > 0 ? _namedEnd : probedAt;
        if (accepted < LeastOfWindow || _namedEnd > 0)
        {
            return accepted >= LeastOfWindow;
        }

        if (_closures < LeastClosures || now - _closedAt <= least)
        {
            return false;
        }

        var suspected = _suspectedCount;
        _suspectedCount = accepted;
        return accepted > 0.6 * suspected && accepted < 1.6 * suspected;
    }
}
