namespace RetryHandler.Tests.Documentation.Snippets;

/// <summary>A clock that stands still until a test moves it, from timer to timer.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly List<Alarm> _alarms = [];
    private TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.Ticks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, () => callback(state));
        alarm.Change(dueTime, period);
        return alarm;
    }

    /// <summary>Moves the clock until the call is complete.</summary>
    public async Task<T> RunAsync<T>(Task<T> call)
    {
        while (!call.IsCompleted)
        {
            // What a timer has set free runs on the thread pool. The clock moves on when all of it is done.
            for (var quiet = 0; quiet < 20; quiet = ThreadPool.PendingWorkItemCount == 0 ? quiet + 1 : 0)
            {
                await Task.Yield();
            }

            MoveToNextAlarm();
        }

        return await call;
    }

    private void MoveToNextAlarm()
    {
        Alarm? next;
        lock (_alarms)
        {
            next = _alarms.MinBy(alarm => alarm.Due);
            if (next is null)
            {
                return;
            }

            _alarms.Remove(next);
            _now = next.Due > _now ? next.Due : _now;
        }

        next.Ring();
    }

    private sealed class Alarm(ManualClock clock, Action ring) : ITimer
    {
        public TimeSpan Due { get; private set; }

        public void Ring() => ring();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._alarms)
            {
                clock._alarms.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = clock._now + dueTime;
                    clock._alarms.Add(this);
                }
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
