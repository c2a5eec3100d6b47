namespace RetryHandler.Tests.Conformance;

/// <summary>A clock whose timers fire too early or too late: whenever the test says.</summary>
internal sealed class InexactTimeProvider : TimeProvider
{
    private readonly List<Timer> _pending = [];
    private long _now;

    /// <summary>Gets how many timers were started so far.</summary>
    public int Sleeps { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by) => _now += by.Ticks;

    /// <summary>Moves the clock and fires the timer that is set, whether or not its time has come.</summary>
    public void Wake(TimeSpan sleptFor)
    {
        Advance(sleptFor);
        var timer = _pending.Single();
        _pending.Clear();
        timer.Callback();
    }

    private sealed class Timer(InexactTimeProvider owner, Action callback) : ITimer
    {
        public Action Callback { get; } = callback;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            owner.Sleeps++;
            owner._pending.Remove(this);
            owner._pending.Add(this);
            return true;
        }

        public void Dispose() => owner._pending.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
