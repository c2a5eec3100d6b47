using RetryHandler.Quota;
using RetryHandler.RateLimiting;

namespace RetryHandler.Telemetry;

/// <summary>What is told about one client, for the life of its state: counters, last events, log and metrics.</summary>
internal sealed class ClientTelemetry(
    string name, TimeProvider timeProvider, RetryMetrics metrics, RetryLog log)
{
    private readonly RecentEvents _events = new();
    private Func<IEnumerable<PartitionTelemetry>> _partitions = static () => [];
    private Func<BreakerState>? _breaker;
    private int _lastBreaker;

    public string Name => name;

    public CallCounters Counters { get; } = new();

    public RetryLog Log { get; private set; } = log;

    public RetryMetrics Metrics => metrics;

    public TimeProvider TimeProvider => timeProvider;

    public DateTimeOffset UtcNow => timeProvider.GetUtcNow();

    public IEnumerable<PartitionTelemetry> Partitions => _partitions();

    /// <summary>Gets the state of the circuit breaker, if there is one.</summary>
    public BreakerState? Breaker => _breaker?.Invoke();

    /// <summary>Makes the telemetry of a client's only partition.</summary>
    public PartitionTelemetry WatchAlone(RetryQuota quota, SendRateLimiter limiter)
    {
        var only = new PartitionTelemetry(this, key: null, quota, limiter, PartitionRole.Common);
        WatchPartitions(() => [only]);
        return only;
    }

    /// <summary>Tells where the client's partitions are found whenever somebody looks.</summary>
    public void WatchPartitions(Func<IEnumerable<PartitionTelemetry>> partitions) => _partitions = partitions;

    /// <summary>Tells how the circuit breaker is asked for its state; <see langword="null"/> for none.</summary>
    public void WatchBreaker(Func<BreakerState>? state) => _breaker = state;

    /// <summary>Looks at the circuit breaker after an attempt; tells each change of its state once.</summary>
    /// <remarks>Not by the breaker's own callbacks: with one it hands each change to a task of its own.</remarks>
    public void OnBreakerMoved()
    {
        if (Breaker is { } state && Interlocked.Exchange(ref _lastBreaker, (int)state) != (int)state)
        {
            Log.Breaker(state);
            Add(new RetryEvent { Number = 0, At = UtcNow, Kind = RetryEventKind.Breaker, Breaker = state });
        }
    }

    /// <summary>Changes the levels of the log.</summary>
    public void Apply(LoggingOptions levels) => Log = Log.With(levels);

    public void OnNestedRetries(string handler, int attempts, int otherAttempts) =>
        Log.NestedRetries(handler, attempts, otherAttempts);

    public void Add(in RetryEvent happened) => _events.Add(happened);

    public RetryEvent[] ReadEvents() => _events.Read();

    public SendRateSnapshot TakeSendRate() =>
        SnapshotSums.Of([.. Partitions.Select(static partition => partition.TakeSendRate())]);

    public QuotaSnapshot TakeQuota() =>
        SnapshotSums.Of([.. Partitions.Select(static partition => partition.TakeQuota())]);
}
