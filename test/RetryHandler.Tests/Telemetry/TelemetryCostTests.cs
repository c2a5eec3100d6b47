using System.Diagnostics.Metrics;
using System.Net;
using RetryHandler.Quota;
using RetryHandler.RateLimiting;
using RetryHandler.Telemetry;

namespace RetryHandler.Tests.Telemetry;

/// <summary>What telling costs in memory: nothing, with a listener too.</summary>
/// <remarks>Alone: a test that listens to traces would make every call of the process pay for one.</remarks>
[NonParallelizable]
public sealed class TelemetryCostTests
{
    private const int Calls = 1000;

    private static readonly AttemptVerdict Refused =
        new() { Kind = FailureKind.Throttled, Rule = "status-429", ServerDelay = TimeSpan.FromSeconds(1) };

    [TestCase(false)]
    [TestCase(true)]
    public void SuccessAtOnce_AllocatesNothing(bool listened) => AssertAllocatesNothing(listened, static telemetry =>
    {
        var call = new TracedCall("GET", telemetry.BeginTrace());
        telemetry.OnTokenWait(call, TimeSpan.Zero);
        telemetry.OnAttempt(call, 1, FailureKind.None, default, HttpStatusCode.OK);
        telemetry.OnEnd(call, 1, RetryStopReason.Succeeded, default, HttpStatusCode.OK);
    });

    [TestCase(false)]
    [TestCase(true)]
    public void RetriedCall_AllocatesNothing(bool listened) => AssertAllocatesNothing(listened, static telemetry =>
    {
        var call = new TracedCall("PURGE", telemetry.BeginTrace());
        telemetry.OnAttempt(call, 1, FailureKind.None, Refused, HttpStatusCode.TooManyRequests);
        telemetry.OnRetry(call, 1, Refused, TimeSpan.FromSeconds(1), HttpStatusCode.TooManyRequests);
        telemetry.OnTokenWait(call, TimeSpan.FromSeconds(2));
        telemetry.OnAttempt(call, 2, FailureKind.Throttled, Refused, HttpStatusCode.TooManyRequests);
        telemetry.OnEnd(call, 2, RetryStopReason.AttemptsExhausted, Refused, HttpStatusCode.TooManyRequests);
    });

    private static void AssertAllocatesNothing(bool listened, Action<PartitionTelemetry> tell)
    {
        using var hub = new TelemetryHub();
        var client = hub.Create($"cost-{Guid.NewGuid()}", new LoggingOptions(), TimeProvider.System);
        hub.Add(client);
        var telemetry = client.WatchAlone(
            new RetryQuota(new RetryQuotaSettings(), TimeProvider.System),
            new SendRateLimiter(client.Name, new SendRateSettings(), new ProbingController(), TimeProvider.System));
        var measured = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (listened && instrument.Meter.Name == "RetryHandler" && !instrument.IsObservable)
                {
                    listener.EnableMeasurementEvents(instrument, client.Name);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => measured++);
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => measured++);
        listener.Start();

        var bytes = long.MaxValue;
        for (var round = 0; round < 100 && bytes != 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Calls; i++)
            {
                tell(telemetry);
            }

            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.That(bytes, Is.Zero);
        Assert.That(measured, listened ? Is.GreaterThan(Calls) : Is.Zero);
    }
}
