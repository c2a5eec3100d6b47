namespace RetryHandler.Tests.Support;

/// <summary>A clock that stands still until a test moves it; timers fire in order of their due time.</summary>
/// <remarks>
/// The frequency is deliberately not the ticks of a <see cref="TimeSpan"/>, to catch code that takes timestamps for
/// ticks.
/// </remarks>
internal sealed class ManualTimeProvider(DateTimeOffset? start = null) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly DateTimeOffset _start = start ?? new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private readonly PriorityQueue<(ManualTimer Timer, long Version), (TimeSpan Due, long Order)> _timers = new();
    private TimeSpan _elapsed;
    private long _order;

    public override long TimestampFrequency => 1_000_000_000;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public TimeSpan Elapsed
    {
        get
        {
            lock (_gate)
            {
                return _elapsed;
            }
        }
    }

    /// <summary>Gets how many timers are waiting to fire.</summary>
    public int ActiveTimers
    {
        get
        {
            lock (_gate)
            {
                return _timers.UnorderedItems.Count(item => item.Element.Timer.IsCurrent(item.Element.Version));
            }
        }
    }

    public override DateTimeOffset GetUtcNow() => _start + Elapsed;

    public override long GetTimestamp() => Elapsed.Ticks * (1_000_000_000 / TimeSpan.TicksPerSecond);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock and fires, one after another, what is due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        var end = Elapsed + by;
        while (FireNext(end))
        {
        }

        lock (_gate)
        {
            _elapsed = end;
        }
    }

    /// <summary>Moves the clock to the next timer and fires it.</summary>
    /// <returns><see langword="false"/> when no timer is waiting.</returns>
    public bool FireNext() => FireNext(TimeSpan.MaxValue);

    private bool FireNext(TimeSpan end)
    {
        ManualTimer timer;
        lock (_gate)
        {
            while (_timers.TryPeek(out var next, out _) && !next.Timer.IsCurrent(next.Version))
            {
                _timers.Dequeue();
            }

            if (!_timers.TryPeek(out var entry, out var at) || at.Due > end)
            {
                return false;
            }

            _timers.Dequeue();
            _elapsed = at.Due > _elapsed ? at.Due : _elapsed;
            timer = entry.Timer;
            timer.Renew(at.Due);
        }

        timer.Fire();
        return true;
    }

    private sealed class ManualTimer(ManualTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        private long _version;
        private TimeSpan _period;

        public bool IsCurrent(long version) => _version == version;

        /// <summary>Notes that it fires; one with a period will fire again.</summary>
        public void Renew(TimeSpan due)
        {
            _version++;
            if (_period > TimeSpan.Zero)
            {
                owner._timers.Enqueue((this, _version), (due + _period, owner._order++));
            }
        }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            // The bounds of System.Threading.Timer: what throws there must throw here.
            ArgumentOutOfRangeException.ThrowIfGreaterThan(
                dueTime.TotalMilliseconds, uint.MaxValue - 1, nameof(dueTime));
            lock (owner._gate)
            {
                _version++;
                _period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    // Whole milliseconds, like the timers of the runtime: the fraction is dropped.
                    var due = TimeSpan.FromMilliseconds(Math.Floor(dueTime.TotalMilliseconds));
                    owner._timers.Enqueue((this, _version), (owner._elapsed + due, owner._order++));
                }
            }

            return true;
        }

        public void Dispose()
        {
            lock (owner._gate)
            {
                _version++;
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
