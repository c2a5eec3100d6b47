using System.Diagnostics.Metrics;

namespace RetryHandler.Telemetry;

/// <summary>The instruments that are read when somebody collects: one value for each client.</summary>
/// <remarks>
/// A client's partitions are added up: their keys are as many as the application likes, and would bring a series each.
/// A state is written as one series for each possible value, which tells in how many partitions it holds.
/// </remarks>
internal sealed class StateGauges
{
    private readonly Meter _meter;
    private readonly Func<IEnumerable<ClientTelemetry>> _clients;

    private StateGauges(Meter meter, Func<IEnumerable<ClientTelemetry>> clients)
    {
        _meter = meter;
        _clients = clients;
    }

    public static void Create(Meter meter, Func<IEnumerable<ClientTelemetry>> clients)
    {
        var gauges = new StateGauges(meter, clients);
        gauges.Gauge(MetricNames.SendRate, "{attempt}/s", "Bound of the send rate; absent while there is none.",
            static client => client.TakeSendRate().SendRate);
        gauges.Gauge(MetricNames.MeasuredRate, "{attempt}/s", "Answers per second, as measured.",
            static client => client.TakeSendRate().MeasuredRate);
        gauges.Gauge(MetricNames.Tokens, "{token}", "Send tokens at hand.",
            static client => client.TakeSendRate().Tokens);
        gauges.Gauge(MetricNames.Waiting, "{caller}", "Callers that wait for a send token.",
            static client => client.TakeSendRate().Waiting);
        gauges.Gauge(MetricNames.QuotaAvailable, "{token}", "Tokens left of the retry quota.",
            static client => client.TakeQuota().Available);
        gauges.Gauge(MetricNames.QuotaCapacity, "{token}", "Capacity of the retry quota.",
            static client => client.TakeQuota().Capacity);
        gauges.Gauge(MetricNames.Amplification, "1", "Attempts for each call, since the process started.",
            static client => client.Counters.Read().Amplification);
        gauges.Gauge(MetricNames.Partitions, "{partition}", "Partitions.",
            static client => client.Partitions.Count());
        gauges.States<LimiterState>(
            MetricNames.LimiterState, "{partition}", "Partitions in each state of the limiter.",
            static client => [.. client.Partitions.Select(static partition => partition.TakeSendRate().State)]);
        gauges.States<LimitKind>(
            MetricNames.LimitKind, "{partition}", "Partitions that met each kind of limit.",
            static client => [.. client.Partitions.Select(static partition => partition.TakeSendRate().Kind)]);
        gauges.States<BreakerState>(
            MetricNames.BreakerState, "1", "1 for the state of the circuit breaker; absent without one.",
            static client => client.Breaker is { } state ? [state] : []);
    }

    private void Gauge(string name, string unit, string description, Func<ClientTelemetry, double?> read) =>
        _meter.CreateObservableGauge(
            name,
            () => from client in _clients()
                  let value = read(client)
                  where value is not null
                  select new Measurement<double>(
                      value.Value, new KeyValuePair<string, object?>(MetricNames.ClientTag, client.Name)),
            unit,
            description);

    private void States<T>(string name, string unit, string description, Func<ClientTelemetry, List<T>> read)
        where T : struct, Enum =>
        _meter.CreateObservableGauge(
            name,
            () => from client in _clients()
                  let states = read(client)
                  where states.Count > 0
                  from state in Enum.GetValues<T>()
                  select new Measurement<int>(
                      states.Count(one => EqualityComparer<T>.Default.Equals(one, state)),
                      new KeyValuePair<string, object?>(MetricNames.ClientTag, client.Name),
                      new KeyValuePair<string, object?>(MetricNames.StateTag, state.ToString())),
            unit,
            description);
}
