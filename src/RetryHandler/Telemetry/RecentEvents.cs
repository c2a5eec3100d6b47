namespace RetryHandler.Telemetry;

/// <summary>Keeps a client's last events; a new one overwrites the oldest. Thread-safe.</summary>
/// <remarks>
/// Values in a ring under a lock of its own, held for one copy: an object for each retry would cost more, and without a
/// lock a reader could see half an event. The ring is made with the first event, so that a healthy client has none.
/// </remarks>
internal sealed class RecentEvents
{
    private const int Capacity = 64;

    private readonly Lock _gate = new();
    private RetryEvent[]? _ring;
    private long _count;

    public void Add(in RetryEvent happened)
    {
        lock (_gate)
        {
            _ring ??= new RetryEvent[Capacity];
            _ring[_count++ % Capacity] = happened with { Number = _count };
        }
    }

    /// <summary>Copies the events, the oldest first.</summary>
    public RetryEvent[] Read()
    {
        lock (_gate)
        {
            if (_ring is null)
            {
                return [];
            }

            var events = new RetryEvent[Math.Min(_count, Capacity)];
            for (var i = 0; i < events.Length; i++)
            {
                events[i] = _ring[(_count - events.Length + i) % Capacity];
            }

            return events;
        }
    }
}
