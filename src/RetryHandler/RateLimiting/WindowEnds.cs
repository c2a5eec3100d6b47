namespace RetryHandler.RateLimiting;

/// <summary>Learns when windows end, from those ends that are known. Pure; times are seconds.</summary>
internal struct WindowEnds
{
    /// <summary>How late a window's end may be named: Retry-After is rounded up.</summary>
    public const double Rounding = 1;

    private double _first;
    private double _doubt;
    private double _any;
    private int _known;

    /// <summary>Gets the length of a window; 0 until it is sure.</summary>
    public double Length { get; private set; }

    /// <summary>Starts, with one end.</summary>
    /// <param name="end">The end.</param>
    /// <param name="doubt">By how much it may be too late.</param>
    public static WindowEnds Of(double end, double doubt) => new()
    {
        _first = end,
        _any = end,
        _known = 1,
        _doubt = doubt,
    };

    /// <summary>Computes the first end after some instant; infinite while the length is not sure.</summary>
    public readonly double After(double time) => Length == 0
        ? double.PositiveInfinity
        : _any + (Length * (Math.Floor(((time - _any) / Length) + 1e-9) + 1));

    /// <summary>Learns of the end of the next window.</summary>
    /// <param name="end">The end.</param>
    /// <param name="doubt">By how much it may be too late.</param>
    /// <param name="isOnClock">Whether windows follow each other, and do not slide.</param>
    public void Add(double end, double doubt, bool isOnClock = true)
    {
        var windows = Length > 0 ? Math.Round((end - _first) / Length) : _known++;
        if (isOnClock && Length > 0 && Math.Abs(end - _first - (windows * Length)) > Math.Max(0.25 * Length, 2 * doubt))
        {
            // Between two ends that were seen there was one that nobody met: the length is a multiple of the true one.
            this = Of(end, doubt);
            return;
        }

        var length = (end - _first) / windows;
        var doubtOfLength = Math.Max(doubt, _doubt) / windows;
        if (Length == 0 && doubtOfLength <= 0.12 * length)
        {
            var whole = Math.Round(length);
            Length = Math.Abs(length - whole) <= doubtOfLength ? whole : length;
        }
        else if (Length == 0 && doubt < 0.5 * _doubt)
        {
            this = Of(end, doubt);
        }

        if (Length > 0)
        {
            // Rounded up, an end is late by up to a second: the earliest is the truest.
            _any = Math.Min(_any, end - (Length * windows));
        }
    }
}
