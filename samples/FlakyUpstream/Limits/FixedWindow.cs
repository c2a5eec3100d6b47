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

        var left = period * (window + 1) - now;
        var isAccepted = _used < count;
        _used += isAccepted ? 1 : 0;
        return new Admission(isAccepted, isAccepted ? null : left, Budget: new Budget(count - _used, left)
        {
            Limit = count,
            Quota = count,
            Window = period,
        });
    }
}
