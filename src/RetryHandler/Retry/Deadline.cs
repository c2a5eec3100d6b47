namespace RetryHandler.Retry;

/// <summary>The instant at which a call's total time ends. The default value never ends.</summary>
internal readonly struct Deadline
{
    private readonly TimeProvider? _timeProvider;
    private readonly long _start;
    private readonly TimeSpan _limit;

    private Deadline(TimeSpan limit, TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _start = timeProvider.GetTimestamp();
        _limit = limit;
    }

    public TimeSpan TimeLeft =>
        _timeProvider is null ? TimeSpan.MaxValue : _limit - _timeProvider.GetElapsedTime(_start);

    public static Deadline After(TimeSpan limit, TimeProvider timeProvider) => new(limit, timeProvider);
}
