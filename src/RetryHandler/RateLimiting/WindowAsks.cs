namespace RetryHandler.RateLimiting;

/// <summary>Says when to ask a spent window for more. Pure; times are seconds.</summary>
internal struct WindowAsks
{
    private const int LeastWindows = 2;
    private const int MostWindows = 8;

    /// <summary>The longest time between two asks, if windows are not longer.</summary>
    private const double Longest = 600;

    /// <summary>The same after a refusal that nobody asked for, which only corrects the count.</summary>
    private const double LongestAfterCorrection = 30;

    private double _next;
    private double _windows;

    /// <summary>Starts anew, with a window of which little is known.</summary>
    public static WindowAsks New => new() { _windows = LeastWindows };

    /// <summary>Asks sooner again, because there was more.</summary>
    public void OnTaken() => _windows = LeastWindows;

    /// <summary>Puts the next ask off, after the first refusal in a window.</summary>
    public void OnRefused(bool wasAsked, double start, double length)
    {
        _next = start + Math.Min(_windows * length, Math.Max(length, wasAsked ? Longest : LongestAfterCorrection));
        _windows = Math.Min(2 * _windows, MostWindows);
    }

    /// <summary>Computes when to ask in this window; not at all if it is not its turn, or too late.</summary>
    /// <remarks>After a quarter: a bucket that was emptied at once has tokens again, and there is time.</remarks>
    public readonly double? In(double start, double end, double now)
    {
        var quarter = (end - start) / 4;
        return _next <= start + (2 * quarter) && now < end - quarter ? Math.Max(start + quarter, now) : null;
    }
}
