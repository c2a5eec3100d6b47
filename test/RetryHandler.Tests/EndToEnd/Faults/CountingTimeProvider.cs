namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>The real clock, which knows how many of its timers are still to fire.</summary>
internal sealed class CountingTimeProvider : TimeProvider
{
    private int _active;

    /// <summary>Gets how many timers are set at present.</summary>
    public int ActiveTimers => Volatile.Read(ref _active);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new CountedTimer(this, callback, state);
        timer.Start(dueTime, period);
        return timer;
    }

    private sealed class CountedTimer(CountingTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        private ITimer? _timer;
        private int _isActive;

        public void Start(TimeSpan dueTime, TimeSpan period)
        {
            Mark(dueTime != Timeout.InfiniteTimeSpan);
            _timer = System.CreateTimer(static timer => ((CountedTimer)timer!).Fire(), this, dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Mark(dueTime != Timeout.InfiniteTimeSpan);
            return _timer!.Change(dueTime, period);
        }

        public void Dispose()
        {
            Mark(active: false);
            _timer!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Mark(active: false);
            return _timer!.DisposeAsync();
        }

        private void Fire()
        {
            Mark(active: false);
            callback(state);
        }

        private void Mark(bool active)
        {
            var before = Interlocked.Exchange(ref _isActive, active ? 1 : 0);
            Interlocked.Add(ref owner._active, (active ? 1 : 0) - before);
        }
    }
}
