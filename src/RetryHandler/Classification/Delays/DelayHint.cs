namespace RetryHandler.Classification;

/// <summary>A delay that an upstream named: how long, or until when. The default names none.</summary>
internal readonly record struct DelayHint
{
    /// <summary>Longer delays are cut to this: nobody waits for them, and adding it to now is safe.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(36_525);

    private readonly TimeSpan? _delay;
    private readonly DateTimeOffset? _instant;

    public DelayHint(TimeSpan? delay, DateTimeOffset? instant = null)
    {
        _delay = delay;
        _instant = instant;
    }

    public bool IsNone => _delay is null && _instant is null;

    public DelayHint OrLonger(DelayHint other) => new(Later(_delay, other._delay), Later(_instant, other._instant));

    /// <summary>Finds the delay from now on; an instant that has passed is a delay of zero.</summary>
    public TimeSpan? From(in ServerClock clock)
    {
        var delay = _instant is { } instant ? Later(_delay, instant - clock.GetUtcNow()) : _delay;
        return delay < TimeSpan.Zero ? TimeSpan.Zero
            : delay > Longest ? Longest
            : delay;
    }

    private static T? Later<T>(T? a, T? b)
        where T : struct, IComparable<T> =>
        a is null || (b is { } other && other.CompareTo(a.Value) > 0) ? b : a;
}
