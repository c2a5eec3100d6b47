namespace RetryHandler.Simulation.Engine;

/// <summary>A timer that fires once, in virtual time.</summary>
internal sealed class SimulatedTimer(EventLoop loop, Action fire) : ITimer
{
    // An event can't be taken out of the loop: one of an older setting finds another number and does nothing.
    private int _setting;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (period != Timeout.InfiniteTimeSpan)
        {
            throw new NotSupportedException("The library uses no periodic timers.");
        }

        var setting = Interlocked.Increment(ref _setting);
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            loop.AfterTicks(dueTime.Ticks, () => Fire(setting));
        }

        return true;
    }

    public void Dispose() => Interlocked.Increment(ref _setting);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    private void Fire(int setting)
    {
        if (setting == Volatile.Read(ref _setting))
        {
            fire();
        }
    }
}
