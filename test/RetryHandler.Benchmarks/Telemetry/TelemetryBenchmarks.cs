using System.Diagnostics.Metrics;
using System.Net;
using BenchmarkDotNet.Attributes;
using RetryHandler.Quota;
using RetryHandler.RateLimiting;
using RetryHandler.Telemetry;

namespace RetryHandler.Benchmarks.Telemetry;

/// <summary>
/// What telling costs for each call. The bars: under 20 ns without a listener, under 300 ns with one, and 0 B.
/// </summary>
[MemoryDiagnoser]
public class TelemetryBenchmarks : IDisposable
{
    private static readonly AttemptVerdict Refused = new() { Kind = FailureKind.Throttled, Rule = "status-429" };

    private readonly MeterListener _listener = new();
    private readonly TelemetryHub _hub = new();
    private PartitionTelemetry _telemetry = null!;
    private long _measured;

    [Params(false, true)]
    public bool Listened { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == "RetryHandler" && !instrument.IsObservable)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => _measured += value);
        _listener.SetMeasurementEventCallback<double>((_, _, _, _) => _measured++);
        if (Listened)
        {
            _listener.Start();
        }

        var client = _hub.Create("benchmark", new LoggingOptions(), TimeProvider.System);
        _hub.Add(client);
        _telemetry = client.WatchAlone(
            new RetryQuota(new RetryQuotaSettings(), TimeProvider.System),
            new SendRateLimiter(client.Name, new SendRateSettings(), new ProbingController(), TimeProvider.System));
    }

    /// <summary>Nearly every call: one attempt, which succeeds.</summary>
    [Benchmark]
    public void SuccessAtOnce()
    {
        var call = new TracedCall("GET", _telemetry.BeginTrace());
        _telemetry.OnTokenWait(call, TimeSpan.Zero);
        _telemetry.OnAttempt(call, 1, FailureKind.None, default, HttpStatusCode.OK);
        _telemetry.OnEnd(call, 1, RetryStopReason.Succeeded, default, HttpStatusCode.OK);
    }

    /// <summary>A throttled attempt, a retry, and a success.</summary>
    [Benchmark]
    public void SuccessAfterARetry()
    {
        var call = new TracedCall("GET", _telemetry.BeginTrace());
        _telemetry.OnAttempt(call, 1, FailureKind.None, Refused, HttpStatusCode.TooManyRequests);
        _telemetry.OnRetry(call, 1, Refused, TimeSpan.FromSeconds(1), HttpStatusCode.TooManyRequests);
        _telemetry.OnAttempt(call, 2, FailureKind.Throttled, default, HttpStatusCode.OK);
        _telemetry.OnEnd(call, 2, RetryStopReason.Succeeded, default, HttpStatusCode.OK);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _listener.Dispose();
        _hub.Dispose();
        GC.SuppressFinalize(this);
    }
}
