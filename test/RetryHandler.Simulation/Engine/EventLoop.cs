namespace RetryHandler.Simulation.Engine;

/// <summary>Virtual time and the events that happen in it, in order of time and then of scheduling.</summary>
/// <remarks>
/// One thread runs the events. Scheduling takes a lock, because the library's limiter continues its waiters on pool
/// threads, while the loop's thread waits for them (see <see cref="Inbox"/>).
/// </remarks>
internal sealed class EventLoop
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<Action, (long Due, long Number)> _events = new();
    private long _number;

    public long Ticks { get; private set; }

    /// <summary>Gets the seconds since the start.</summary>
    public double Now => Ticks / (double)TimeSpan.TicksPerSecond;

    public void At(double seconds, Action action) => AtTicks(ToTicks(seconds), action);

    public void After(double seconds, Action action) => AtTicks(Ticks + ToTicks(seconds), action);

    public void AfterTicks(long ticks, Action action) => AtTicks(Ticks + ticks, action);

    /// <summary>Runs until nothing is left to happen, the time is over, or somebody says so.</summary>
    public void Run(double seconds, Func<bool> isOver)
    {
        var end = ToTicks(seconds);
        while (!isOver() && TryDequeue(end, out var action))
        {
            action();
        }
    }

    // Rounded up, so that what is to happen after a wait never happens before its end.
    private static long ToTicks(double seconds) => (long)Math.Ceiling(seconds * TimeSpan.TicksPerSecond);

    private void AtTicks(long due, Action action)
    {
        lock (_gate)
        {
            _events.Enqueue(action, (Math.Max(due, Ticks), _number++));
        }
    }

    private bool TryDequeue(long end, out Action action)
    {
        lock (_gate)
        {
            if (!_events.TryDequeue(out action!, out var moment) || moment.Due > end)
            {
                return false;
            }

            Ticks = moment.Due;
            return true;
        }
    }
}
