using RetryHandler.AspNetCore.Dashboard;

namespace RetryHandler.Tests.AspNetCore;

/// <summary>
/// The words from which a person answers: which client, since when, by what, to what rate, what helps.
/// </summary>
public sealed class AdvisorTests
{
    private static readonly RecentCalls Quiet = new(new(100, 0, 0, 0, 0, 0), HeldBack: 0);
    private static readonly RecentCalls HalfFailed = new(new(50, 50, 0, 0, 0, 0), HeldBack: 0);
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 3, 10, TimeSpan.Zero);
    private static readonly DateTimeOffset Later = Noon.AddMinutes(5);

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
        var advice = Advisor.For(Client(Limiting), Quiet, Later);

        Assert.That(advice.Level, Is.EqualTo(AdviceLevel.Slowed));
        Assert.That(
            advice.Summary, Is.EqualTo("Slowed since 12:03:10 UTC by rule status-429 to 187/s. 3 callers wait."));
        Assert.That(advice.Help, Does.StartWith("A higher limit from the upstream's owner"));
    }

    [TestCase(LimitKind.Concurrency, "Fewer calls at the same time")]
    [TestCase(LimitKind.Window, "A larger allowance for each window")]
    [TestCase(LimitKind.SharedRate, "Others seem to use the same limit")]
    [TestCase(LimitKind.PublishedBudget, "A larger budget")]
    [TestCase(LimitKind.Rate, "A higher limit")]
    [TestCase(LimitKind.Unknown, "A higher limit")]
    public void For_KindOfLimit_ChoosesTheHelp(LimitKind kind, string help) => Assert.That(
        Advisor.For(Client(Limiting with { Kind = kind }), Quiet, Later).Help, Does.StartWith(help));

    [Test]
    public void For_SlowedClientWithoutWaiters_NeedsNothing() => Assert.That(
        Advisor.For(Client(Limiting with { Waiting = 0 }), Quiet, Later).Help, Does.StartWith("Nothing is needed"));

    [TestCase(0.5, "0.5/s")]
    [TestCase(12.34, "12.3/s")]
    [TestCase(12345.6, "12346/s")]
    public void For_Rates_AreReadable(double rate, string text) => Assert.That(
        Advisor.For(Client(Limiting with { SendRate = rate }), Quiet, Later).Summary, Does.Contain($"to {text}."));

    [Test]
    public void For_ClosedClient_TellsHowLong()
    {
        var closed = Limiting with { State = LimiterState.Closed, PausedFor = TimeSpan.FromSeconds(29.2) };

        var advice = Advisor.For(Client(closed), Quiet, Later);

        Assert.That((advice.Level, advice.State), Is.EqualTo((AdviceLevel.Failing, "paused")));
        Assert.That(advice.Summary, Does.Contain("wants nothing sent for another 30 s").And.Contain("fail at once"));
    }

    /// <summary>Calls wait it out: nobody is told that they fail.</summary>
    [TestCase(3.2, "Nothing is sent for another 4 s, then one attempt probes. 3 callers wait.")]
    [TestCase(0, "One attempt probes whether a pause is over. 3 callers wait.")]
    public void For_PauseThatCallsWaitOut_TellsThatTheyWait(double seconds, string words)
    {
        var pausing = Limiting with { PausedFor = TimeSpan.FromSeconds(seconds) };

        var advice = Advisor.For(Client(pausing), Quiet, Later);

        Assert.That((advice.Level, advice.State), Is.EqualTo((AdviceLevel.Slowed, "slowed")));
        Assert.That(advice.Summary, Does.EndWith($"to 187/s. {words}").And.Not.Contain("fail"));
    }

    [TestCase(1, "One call has just failed unsent")]
    [TestCase(12, "12 calls have just failed unsent")]
    public void For_CallsThatWouldWaitTooLong_TellsThatTheyFail(int calls, string words)
    {
        var advice = Advisor.For(Client(Limiting), Quiet with { HeldBack = calls }, Later);

        Assert.That(advice.Level, Is.EqualTo(AdviceLevel.Failing));
        Assert.That(advice.Summary, Does.Contain(words));
        Assert.That(advice.Help, Does.Contain("SendRate.MaxWait"));
    }

    /// <summary>Nobody waits, and yet the upstream is far from well.</summary>
    [Test]
    public void For_SlowedAndFailing_PointsAtTheUpstream()
    {
        var third = Quiet with { Attempts = new(66, 14, 20, 0, 0, 0) };

        var advice = Advisor.For(Client(Limiting with { Waiting = 0 }), third, Later);

        Assert.That((advice.Level, advice.State), Is.EqualTo((AdviceLevel.Failing, "slowed, failing")));
        Assert.That(advice.Summary, Does.Contain("14 % failed").And.Contain("20 % were refused"));
        Assert.That(advice.Help, Does.StartWith("Look at the upstream first"));
    }

    [Test]
    public void For_SlowedAndOftenRefused_TellsWhatWouldHelp()
    {
        var fifth = Quiet with { Attempts = new(80, 0, 20, 0, 0, 0) };

        var advice = Advisor.For(Client(Limiting with { Waiting = 0 }), fifth, Later);

        Assert.That(advice.Level, Is.EqualTo(AdviceLevel.Slowed));
        Assert.That(advice.Summary, Does.EndWith("Nobody waits. Of the last attempts 20 % were refused."));
        Assert.That(advice.Help, Does.StartWith("A higher limit"));
    }

    [Test]
    public void For_Bounds_AreToldInTheMeasureOfTheLimit()
    {
        static string SummaryOf(SendRateSnapshot rate) => Advisor.For(Client(rate), Quiet, Later).Summary;
        var counted = Limiting with { SendRate = null };

        Assert.That(SummaryOf(counted with { MaxConcurrency = 16 }), Does.Contain(" to 16 at the same time."));
        Assert.That(SummaryOf(counted with { WindowCount = 600 }), Does.Contain(" to 600 in each window."));
        Assert.That(
            SummaryOf(Limiting with { WindowCount = 600, WindowLength = TimeSpan.FromSeconds(3) }),
            Does.Contain(" to 600 per 3 s."));
        Assert.That(SummaryOf(counted), Does.Contain("by rule status-429. "));
    }

    [Test]
    public void For_InitialRate_PointsAtTheSettings()
    {
        var own = Limiting with { SlowedBy = "initial-rate" };

        Assert.That(Advisor.For(Client(own), Quiet, Later).Help, Does.StartWith("A higher SendRate.InitialRate"));
        Assert.That(
            Advisor.For(Client(own with { Waiting = 0 }), Quiet, Later).Help, Does.Not.Contain("goes away"));
    }

    [Test]
    public void For_SlowedSinceAnotherDay_TellsTheDay() => Assert.That(
        Advisor.For(Client(Limiting), Quiet, Noon.AddDays(1)).Summary,
        Does.StartWith("Slowed since 2026-11-21 12:03:10 UTC by rule status-429"));

    [Test]
    public void For_EmptyQuota_PointsAtTheUpstream()
    {
        var client = Client(new() { State = LimiterState.Dormant }) with
        {
            Quota = new QuotaSnapshot(3, 500) { IsEmpty = true },
        };

        var advice = Advisor.For(client, HalfFailed, Later);

        Assert.That(advice.State, Is.EqualTo("no retries"));
        Assert.That(advice.Summary, Does.Contain("3 of 500 left").And.Contain("50 %"));
    }

    [Test]
    public void For_OpenCircuit_ComesFirst()
    {
        var open = Client(Limiting) with { Breaker = BreakerState.Open };

        Assert.That(Advisor.For(open, Quiet, Later).State, Is.EqualTo("circuit open"));
    }

    [Test]
    public void For_FailingClient_IsNotCalledSlowed()
    {
        var advice = Advisor.For(Client(new() { State = LimiterState.Dormant }), HalfFailed, Later);

        Assert.That((advice.Level, advice.State), Is.EqualTo((AdviceLevel.Failing, "failing")));
        Assert.That(advice.Summary, Does.Contain("50 %"));
    }

    [Test]
    public void For_HealthyClient_IsFine() => Assert.That(
        Advisor.For(Client(new() { State = LimiterState.Dormant }), Quiet, Later).Level, Is.EqualTo(AdviceLevel.Fine));

    [Test]
    public void Advance_CountersOfAWindow_AreTheirDifference()
    {
        var window = new RecentWindow(TimeSpan.FromSeconds(10));

        window.Advance(Noon, Totals(new(100, 1, 0, 0, 0, 0), heldBack: 2));
        var recent = window.Advance(Noon.AddSeconds(5), Totals(new(150, 3, 4, 0, 0, 0), heldBack: 5));
        window.Advance(Noon.AddSeconds(11), Totals(new(160, 3, 4, 0, 0, 0), heldBack: 5));
        var later = window.Advance(Noon.AddSeconds(16), Totals(new(170, 3, 5, 0, 0, 0), heldBack: 5));

        Assert.That(recent, Is.EqualTo(new RecentCalls(new(50, 2, 4, 0, 0, 0), HeldBack: 3)));
        Assert.That(later, Is.EqualTo(new RecentCalls(new(10, 0, 1, 0, 0, 0), HeldBack: 0)));
    }

    private static CallTotals Totals(AttemptTotals attempts, long heldBack) => new()
    {
        Succeeded = attempts.Succeeded,
        Stops = new Dictionary<RetryStopReason, long> { [RetryStopReason.SendRateLimited] = heldBack },
        Attempts = attempts,
        TransientRetries = 0,
        ThrottledRetries = 0,
    };

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
