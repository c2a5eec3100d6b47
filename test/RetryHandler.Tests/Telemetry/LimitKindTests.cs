using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using RetryHandler.RateLimiting;
using RetryHandler.State;
using RetryHandler.Telemetry;
using RetryHandler.Tests.RateLimiting;

namespace RetryHandler.Tests.Telemetry;

/// <summary>Each kind of limit is told as what it is, with what it lets through.</summary>
[CancelAfter(60_000)]
public sealed class LimitKindTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private ObservedClient? _client;

    public void Dispose() => _client?.Dispose();

    [Test]
    public void Gauge_EveryKind_IsASeriesOfItsOwn([Values] LimitKind kind)
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        using var hub = new TelemetryHub(meters);
        using var metrics = new CollectedMetrics(instrument => instrument.Meter.Scope == meters);
        var options = new AdaptiveRetryOptions { SendRate = { InitialRate = 5 } };
        var state = new ClientState("kind", options, _time, hub, controller: new StubController { Kind = kind });

        var expected = Enum.GetValues<LimitKind>().ToDictionary(k => $"state={k}", k => k == kind ? 1d : 0d);

        Assert.That(metrics.Gauge("adaptive_retry.limit.kind"), Is.EqualTo(expected));
        Assert.That(state.Telemetry.TakeSendRate().Kind, Is.EqualTo(kind));
        GC.KeepAlive(state);
    }

    /// <summary>Slowed from the first attempt on, by the settings and not by the upstream.</summary>
    [Test]
    public async Task InitialRate_BeforeAndAfterTheFirstCall_IsTold()
    {
        var client = _client = new ObservedClient(
            _time, new ScriptedHandler(_time, ScriptedHandler.Status(200)), static o => o.SendRate.InitialRate = 10);
        var madeAt = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(7));

        var before = client.Snapshot.SendRate;
        using var response = await client.GetAsync();
        var after = client.Snapshot;

        Assert.That(
            (before.State, before.SendRate, before.SlowedSince, before.SlowedBy),
            Is.EqualTo((LimiterState.Limiting, 10d, madeAt, "initial-rate")));
        Assert.That(
            (after.SendRate.SlowedSince, after.SendRate.SlowedBy), Is.EqualTo((madeAt, "initial-rate")));
        Assert.That(client.Metrics.Gauge("adaptive_retry.send_rate")[""], Is.EqualTo(after.SendRate.SendRate));
        Assert.That(client.Metrics.Gauge("adaptive_retry.limiter.state")["state=Limiting"], Is.EqualTo(1));
        Assert.That(
            after.RecentEvents.Select(static e => (e.Kind, e.Rule)),
            Is.EqualTo(new[] { (RetryEventKind.Slowed, "initial-rate") }));
        Assert.That(client.OwnLogs.Single(static e => e.Event.Name == "SendRateLimiting").Message, Does.StartWith(
            "HttpClient 'orders': the send rate is now limited (initial-rate), to 10.00/s (measured"));
    }

    [Test]
    public async Task InitialRate_ThenRefused_IsSlowedByTheUpstream()
    {
        var client = _client = new ObservedClient(
            _time,
            new ScriptedHandler(_time, ScriptedHandler.Status(429), ScriptedHandler.Status(200)),
            static o => o.SendRate.InitialRate = 10);

        using var response = await client.GetAsync();

        Assert.That(client.Snapshot.SendRate.SlowedBy, Is.EqualTo("status-429"));
    }

    [Test]
    public async Task PublishedBudget_Kept_IsTold()
    {
        var upstream = new PublishingUpstream(_time, 10, 60);
        var client = _client = new ObservedClient(_time, new ScriptedHandler(_time, upstream.Answer));

        for (var i = 0; i < 8; i++)
        {
            using var response = await client.GetAsync();
        }

        var rate = client.Snapshot.SendRate;
        Assert.That((rate.Kind, rate.SlowedBy), Is.EqualTo((LimitKind.PublishedBudget, "published-budget")));
        Assert.That(rate.SendRate, Is.InRange(0.01, 10));
        Assert.That(client.Metrics.Gauge("adaptive_retry.limit.kind")["state=PublishedBudget"], Is.EqualTo(1));
        Assert.That(client.Snapshot.RecentEvents[0].Rule, Is.EqualTo("published-budget"));
        Assert.That(client.Snapshot.Totals.Attempts.Throttled, Is.Zero);
    }

    /// <summary>What bounds it is a number at a time: a rate would be a lie.</summary>
    [Test]
    public void Concurrency_Found_IsToldAsANumberAtTheSameTime()
    {
        var rate = Throttled(new StubController
        {
            Kind = LimitKind.Concurrency,
            Limits = new(0) { IsUnpaced = true, MaxInFlight = 16 },
        });

        Assert.That(
            (rate.State, rate.Kind, rate.MaxConcurrency, rate.SendRate, rate.WindowCount),
            Is.EqualTo((LimiterState.Limiting, LimitKind.Concurrency, 16, default(double?), default(int?))));
    }

    [TestCase(3, 200)]
    [TestCase(0, null, Description = "its length is not known yet")]
    public void Window_Found_IsToldWithItsCountAndLength(int length, double? sendRate)
    {
        var rate = Throttled(new StubController
        {
            Kind = LimitKind.Window,
            Limits = new(7) { IsUnpaced = true },
            Window = (600, length),
        });

        Assert.That(
            (rate.Kind, rate.WindowCount, rate.SendRate, rate.MaxConcurrency),
            Is.EqualTo((LimitKind.Window, 600, sendRate, default(int?))));
        Assert.That(rate.WindowLength, Is.EqualTo(length == 0 ? default(TimeSpan?) : TimeSpan.FromSeconds(length)));
    }

    /// <summary>A window that was found before does not bound what is now paced otherwise.</summary>
    [Test]
    public void Rate_AfterAWindow_IsARate()
    {
        var rate = Throttled(new StubController { Limits = new(7), Window = (600, 3) });

        Assert.That((rate.SendRate, rate.WindowCount, rate.WindowLength), Is.EqualTo((7d, (int?)null, (TimeSpan?)null)));
    }

    /// <summary>As long as nothing is found, nothing is claimed.</summary>
    [Test]
    public void Limit_LookedFor_IsUnknown()
    {
        var rate = Throttled(new StubController { Limits = new(0) { IsUnpaced = true } });

        Assert.That((rate.Kind, rate.SendRate), Is.EqualTo((LimitKind.Unknown, default(double?))));
    }

    private SendRateSnapshot Throttled(StubController controller)
    {
        using var hub = new TelemetryHub();
        var state = new ClientState("throttled", new AdaptiveRetryOptions(), _time, hub, controller: controller);
        state.Limiter.OnResponse(default, new SendResponse(SendFeedback.Throttled, default));
        return state.Telemetry.TakeSendRate();
    }
}
