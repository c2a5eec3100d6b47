using RetryHandler.Retry;
using RetryHandler.Telemetry;

namespace RetryHandler.State;

/// <summary>A client's partitions by key: made when first needed, bounded in number, dropped when idle.</summary>
/// <remarks>
/// Thread-safe. Each call holds its partition from its beginning to its end, so none is dropped that has attempts in
/// flight or callers waiting.
/// </remarks>
internal sealed class PartitionTable(
    Partition common, ClientSettings settings, PartitionFactory factory, TimeProvider timeProvider)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Partition> _byKey = new(StringComparer.Ordinal);

    // Only those without a call under way, the one that has been idle longest first.
    private readonly LinkedList<Partition> _idle = [];

    private ClientSettings _settings = settings;
    private RetryLoop _loop = common.Loop;
    private Partition? _overflow;

    /// <summary>Gets what is to be seen of the client's partitions.</summary>
    public IReadOnlyList<PartitionTelemetry> Watched
    {
        get
        {
            lock (_gate)
            {
                DropExpired();
                var watched = new List<PartitionTelemetry>(_byKey.Count + 2);
                watched.AddRange(_byKey.Values.Select(static partition => partition.Telemetry));
                if (_overflow is not null)
                {
                    watched.Add(_overflow.Telemetry);
                }

                // A client that is divided by authority never uses its default partition: its full quota would only
                // hide that the others' are spent.
                if (watched.Count == 0 || _settings.Partition.SelectKey is null || common.Telemetry.IsUsed)
                {
                    watched.Add(common.Telemetry);
                }

                return watched;
            }
        }
    }

    /// <summary>Begins a call in the partition of a key.</summary>
    public Partition Enter(string key)
    {
        lock (_gate)
        {
            DropExpired();
            var partition = _byKey.TryGetValue(key, out var known) ? known : Add(key);
            if (partition.Calls++ == 0 && partition.Place.List is not null)
            {
                _idle.Remove(partition.Place);
            }

            return partition;
        }
    }

    /// <summary>Ends a call.</summary>
    public void Leave(Partition partition)
    {
        lock (_gate)
        {
            if (--partition.Calls > 0)
            {
                return;
            }

            partition.IdleSince = timeProvider.GetTimestamp();
            if (partition.Telemetry.Role != PartitionRole.Overflow)
            {
                _idle.AddLast(partition.Place);
                DropSurplus();
            }
        }
    }

    /// <summary>Puts other settings in force in every partition; what was learned stays.</summary>
    /// <remarks>Under the lock, so that no partition made meanwhile keeps the old ones.</remarks>
    public void Apply(ClientSettings settings, RetryLoop loop)
    {
        lock (_gate)
        {
            (_settings, _loop) = (settings, loop);
            foreach (var partition in _byKey.Values)
            {
                partition.Apply(settings, loop);
            }

            _overflow?.Apply(settings, loop);
            DropSurplus();
        }
    }

    private Partition Add(string key)
    {
        // From now on its figures are not the client's.
        common.Telemetry.CountApart();
        if (_byKey.Count >= _settings.Partition.MaxPartitions)
        {
            if (_idle.First is not { } oldest)
            {
                return _overflow ??= factory.Create(key: null, _settings, _loop);
            }

            Drop(oldest.Value);
        }

        var partition = factory.Create(key, _settings, _loop);
        _byKey.Add(key, partition);
        return partition;
    }

    private void DropExpired()
    {
        while (_idle.First is { Value: var oldest } && IsExpired(oldest))
        {
            Drop(oldest);
        }

        if (_overflow is { Calls: 0 } unused && IsExpired(unused))
        {
            _overflow = null;
        }
    }

    private bool IsExpired(Partition partition) =>
        timeProvider.GetElapsedTime(partition.IdleSince) >= _settings.Partition.IdleTimeout;

    /// <summary>Drops what a lowered bound leaves no place for.</summary>
    private void DropSurplus()
    {
        while (_byKey.Count > _settings.Partition.MaxPartitions && _idle.First is { Value: var oldest })
        {
            Drop(oldest);
        }
    }

    private void Drop(Partition partition)
    {
        _idle.Remove(partition.Place);
        _byKey.Remove(partition.Telemetry.Key!);
    }
}
