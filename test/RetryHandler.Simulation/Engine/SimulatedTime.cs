namespace RetryHandler.Simulation.Engine;

/// <summary>The clock that one client process sees: virtual time, and a calendar that may be wrong.</summary>
/// <param name="loop">Where the timers' events happen.</param>
/// <param name="enter">Runs a timer's callback as code of this process.</param>
/// <param name="clockError">How far the calendar is ahead of the truth.</param>
internal sealed class SimulatedTime(EventLoop loop, Action<Action> enter, TimeSpan clockError) : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public static DateTimeOffset TrueTime(double seconds) => Start + TimeSpan.FromSeconds(seconds);

    public override long GetTimestamp() => loop.Ticks;

    public override DateTimeOffset GetUtcNow() => Start + clockError + TimeSpan.FromTicks(loop.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(loop, () => enter(() => callback(state)));
        timer.Change(dueTime, period);
        return timer;
    }
}
