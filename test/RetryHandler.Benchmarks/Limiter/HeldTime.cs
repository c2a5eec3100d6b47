namespace RetryHandler.Benchmarks.Limiter;

/// <summary>A clock that stands still until told, so that all who wait are let go in one step.</summary>
internal sealed class HeldTime : TimeProvider
{
    private readonly List<Timer> _timers = [];
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        _timers.Add(timer);
        return timer;
    }

    /// <summary>Goes on, and runs the timers that are set, whenever they are due.</summary>
    public void Advance(TimeSpan time)
    {
        Volatile.Write(ref _ticks, _ticks + time.Ticks);
        foreach (var timer in _timers.ToArray())
        {
            timer.Run();
        }
    }

    private sealed class Timer(HeldTime time, TimerCallback callback, object? state) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Run() => callback(state);

        public void Dispose() => time._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
