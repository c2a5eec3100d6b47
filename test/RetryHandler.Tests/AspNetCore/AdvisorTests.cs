using RetryHandler.AspNetCore.Dashboard;

namespace RetryHandler.Tests.AspNetCore;

/// <summary>
/// The words from which a person answers: which client, since when, by what, to what rate, what helps.
/// </summary>
public sealed class AdvisorTests
{
    private static readonly AttemptTotals Quiet = new(100, 0, 0, 0, 0, 0);
    private static readonly AttemptTotals HalfFailed = new(50, 50, 0, 0, 0, 0);
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 3, 10, TimeSpan.Zero);

    private static readonly SendRateSnapshot Limiting = new()
    {
        State = LimiterState.Limiting,
        Kind = LimitKind.Rate,
        SendRate = 187.3,
        Waiting = 3,
        SlowedSince = Noon,
        SlowedBy = "status-429",
    };

    [Test]
    public void For_SlowedClient_TellsAll()
    {
        var advice = Advisor.For(Client(Limiting), Quiet);

        Assert.That(advice.Level, Is.EqualTo(AdviceLevel.Slowed));
        Assert.That(
            advice.Summary, Is.EqualTo("Slowed since 12:03:10 UTC by rule status-429 to 187/s. 3 callers wait."));
        Assert.That(advice.Help, Does.StartWith("A higher limit from the upstream's owner"));
    }

    [TestCase(LimitKind.Concurrency, "Fewer calls at the same time")]
    [TestCase(LimitKind.Window, "A larger allowance for each window")]
    [TestCase(LimitKind.Unknown, "A higher limit")]
    public void For_KindOfLimit_ChoosesTheHelp(LimitKind kind, string help) => Assert.That(
        Advisor.For(Client(Limiting with { Kind = kind }), Quiet).Help, Does.StartWith(help));

    [Test]
    public void For_SlowedClientWithoutWaiters_NeedsNothing() => Assert.That(
        Advisor.For(Client(Limiting with { Waiting = 0 }), Quiet).Help, Does.StartWith("Nothing is needed"));

    [TestCase(0.5, "0.5/s")]
    [TestCase(12.34, "12.3/s")]
    [TestCase(12345.6, "12346/s")]
    public void For_Rates_AreReadable(double rate, string text) => Assert.That(
        Advisor.For(Client(Limiting with { SendRate = rate }), Quiet).Summary, Does.Contain($"to {text}."));

    [Test]
    public void For_ClosedClient_TellsHowLong()
    {
        var closed = Limiting with { State = LimiterState.Closed, ClosedFor = TimeSpan.FromSeconds(29.2) };

        var advice = Advisor.For(Client(closed), Quiet);

        Assert.That(advice.Level, Is.EqualTo(AdviceLevel.Failing));
        Assert.That(advice.Summary, Does.Contain("wants nothing sent for another 30 s"));
    }

    [Test]
    public void For_EmptyQuota_PointsAtTheUpstream()
    {
        var client = Client(new() { State = LimiterState.Dormant }) with
        {
            Quota = new QuotaSnapshot(3, 500) { IsEmpty = true },
        };

        var advice = Advisor.For(client, HalfFailed);

        Assert.That(advice.State, Is.EqualTo("no retries"));
        Assert.That(advice.Summary, Does.Contain("3 of 500 left").And.Contain("50 %"));
    }

    [Test]
    public void For_OpenCircuit_ComesFirst() => Assert.That(
        Advisor.For(Client(Limiting) with { Breaker = BreakerState.Open }, Quiet).State, Is.EqualTo("circuit open"));

    [Test]
    public void For_FailingClient_IsNotCalledSlowed()
    {
        var advice = Advisor.For(Client(new() { State = LimiterState.Dormant }), HalfFailed);

        Assert.That((advice.Level, advice.State), Is.EqualTo((AdviceLevel.Failing, "failing")));
        Assert.That(advice.Summary, Does.Contain("50 %"));
    }

    [Test]
    public void For_HealthyClient_IsFine() => Assert.That(
        Advisor.For(Client(new() { State = LimiterState.Dormant }), Quiet).Level, Is.EqualTo(AdviceLevel.Fine));

    [Test]
    public void Advance_CountersOfAWindow_AreTheirDifference()
    {
        var window = new AttemptWindow(TimeSpan.FromSeconds(10));

        window.Advance(Noon, new AttemptTotals(100, 1, 0, 0, 0, 0));
        var recent = window.Advance(Noon.AddSeconds(5), new AttemptTotals(150, 3, 4, 0, 0, 0));
        window.Advance(Noon.AddSeconds(11), new AttemptTotals(160, 3, 4, 0, 0, 0));
        var later = window.Advance(Noon.AddSeconds(16), new AttemptTotals(170, 3, 5, 0, 0, 0));

        Assert.That(recent, Is.EqualTo(new AttemptTotals(50, 2, 4, 0, 0, 0)));
        Assert.That(later, Is.EqualTo(new AttemptTotals(10, 0, 1, 0, 0, 0)));
    }

    private static ClientSnapshot Client(SendRateSnapshot sendRate) => new()
    {
        Name = "orders",
        Totals = new RetryHandler.Telemetry.CallCounters().Read(),
        SendRate = sendRate,
        Quota = new QuotaSnapshot(500, 500),
        PartitionCount = 1,
        Partitions = [],
        RecentEvents = [],
    };
}
