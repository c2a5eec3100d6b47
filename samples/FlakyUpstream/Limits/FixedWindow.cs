namespace FlakyUpstream.Limits;

/// <summary>So many requests per window; the windows follow each other without a gap from time zero on.</summary>
internal sealed class FixedWindow(int count, TimeSpan period) : ILimit
{
    private long _window;
    private int _used;

    public Admission TryEnter(TimeSpan now)
    {
        var window = now.Ticks / period.Ticks;
        if (window != _window)
        {
            _window = window;
            _used = 0;
        }

        if (_used >= count)
        {
            return new Admission(false, period * (window + 1) - now);
        }

        _used++;
        return new Admission(true);
    }
}
