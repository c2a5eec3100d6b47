using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

/// <summary>The probing controller and its bucket at model upstreams, with callers who always want to send.</summary>
[TestFixture]
internal sealed class ProbingControllerRunTests
{
    [TestCase(2.0)]
    [TestCase(20.0)]
    [TestCase(200.0)]
    public void Rate_Bucket_IsFoundAndKeptWithFewRefusals(double limit)
    {
        var run = new ControllerRun(ModelUpstream.Bucket(limit, burst: Math.Max(5, 0.5 * limit)));
        run.RunUntil(60);
        run.Refusals.Clear();

        Assert.That(run.RateOf(300), Is.EqualTo(limit).Within(1).Percent);
        Assert.That(run.Refusals.Count / 300.0 / limit, Is.LessThan(0.08));
    }

    [Test]
    public void Rate_LimitFallsAndRises_IsFollowedWithinFiveSeconds()
    {
        var run = new ControllerRun(ModelUpstream.Bucket(now => now is < 60 or > 120 ? 50 : 10, burst: 20));
        run.RunUntil(65);
        Assert.That(run.RateOf(55), Is.EqualTo(10).Within(5).Percent);

        run.RunUntil(125);

        Assert.That(run.RateOf(10), Is.GreaterThan(0.9 * 50));
    }

    [Test]
    public void Rate_HigherThanTheOptionsAllow_IsHeldThereAndSpaced()
    {
        var run = new ControllerRun(now => now > 0.2) { Settings = new SendRateSettings(MinRate: 1, MaxRate: 10) };
        run.RunUntil(600);
        Assert.That(run.Bucket.FillRate, Is.EqualTo(10));
        Assert.That(run.RateOf(10), Is.EqualTo(10).Within(2).Percent);
        Assert.That(run.Bucket.WaitFor(3, run.Now), Is.GreaterThan(0.1), "no burst");

        run.Bucket.Apply(new SendRateSettings(MinRate: 1), run.Now);
        run.RunUntil(run.Now + 1);

        Assert.That(run.Bucket.FillRate, Is.LessThan(2000), "it goes on from there");
    }

    [TestCase(5.0)]
    [TestCase(60.0)]
    [TestCase(600.0)]
    public void Rate_Outage_IsBackSoonAfter(double length)
    {
        var bucket = ModelUpstream.Bucket(50, burst: 50);
        var run = new ControllerRun(now => (now < 60 || now >= 60 + length) && bucket(now));
        run.RunUntil(60 + length);
        Assert.That(run.Refusals, Has.Count.LessThan(200 + length), "a closed door is not run against");

        // Ten seconds is the longest pause between two probes.
        run.RunUntil(60 + length + 25);

        Assert.That(run.RateOf(60), Is.EqualTo(50).Within(5).Percent);
    }

    [TestCase(0.01, 35.8)]
    [TestCase(0.05, 4.2)]
    public void Rate_RefusalsAtRandom_IsBalancedAsOnASharedLimitAndComesBack(double share, double expected)
    {
        var rates = Enumerable.Range(1, 5).Select(seed =>
        {
            var run = new ControllerRun(ModelUpstream.Refusing(
                now => now < 600 ? share : 0, seed, ModelUpstream.Bucket(50, burst: 50)));
            run.RunUntil(120);
            var rate = run.RateOf(480);
            Assert.That(run.Kind, Is.EqualTo(LimitKind.SharedRate));

            run.RunUntil(720);
            Assert.That(run.RateOf(30), Is.EqualTo(50).Within(5).Percent, "two minutes without them");
            return rate;
        });

        // Equal steps of 0.11/s a second alone make up for the cuts at 7.1 and 3.2/s.
        Assert.That(rates.Average(), Is.EqualTo(expected).Within(20).Percent);
    }

    [Test]
    public void Rate_SixRefusalsInARowWhileShared_CloseTheDoor()
    {
        var random = ModelUpstream.Refusing(_ => 0.05, seed: 1, ModelUpstream.Bucket(50, burst: 50));
        var isDown = false;
        var run = new ControllerRun(now => !isDown && random(now));
        Assert.That(run.RunUntil(() => run.Kind == LimitKind.SharedRate && run.Refusals[^1] < run.Now - 1, 300));
        run.Refusals.Clear();

        isDown = true;
        Assert.That(run.RunUntil(() => run.Bucket.IsClosed, run.Now + 60));

        Assert.That(run.Refusals, Has.Count.EqualTo(6));
        Assert.That(run.Kind, Is.EqualTo(LimitKind.SharedRate));
    }

    [TestCase(true, SendFeedback.Accepted, 0.9)]
    [TestCase(false, SendFeedback.Accepted, 0.9)]
    [TestCase(true, SendFeedback.Failed, 0.9, Description = "2 % 500s: with 64 workers all came to a stand")]
    [TestCase(false, SendFeedback.Failed, 0.9)]
    [TestCase(true, SendFeedback.Unavailable, 0.3)]
    [TestCase(false, SendFeedback.Unavailable, 0.3)]
    [TestCase(false, null, 0.9, Description = "2 % of the attempts are not answered")]
    [TestCase(true, null, 0.9)]
    public void Rate_WindowOf600In3Seconds_IsSpent(bool isNamed, SendFeedback? oneInFifty, double least)
    {
        var window = ModelUpstream.Window(600, length: 3);
        var random = new Random(1);
        var run = new ControllerRun(Answer, callers: 64);
        run.RunUntil(30);
        run.Refusals.Clear();

        Assert.That(run.RateOf(60), Is.GreaterThan(least * 200));
        Assert.That(run.Kind, Is.EqualTo(LimitKind.Window));
        Assert.That(run.Refusals.Count / 60.0 / 200, Is.LessThan(0.05));

        SendResponse? Answer(double now)
        {
            if (!window(now))
            {
                return isNamed ? Named(3 - (now % 3)) : ControllerRun.Refused;
            }

            return random.NextDouble() >= 0.02 ? ControllerRun.Accepted
                : oneInFifty is { } feedback ? new SendResponse(feedback)
                : null;
        }
    }

    [Test]
    public void WaitFor_WindowSpentAndItsEndKnown_SaysHowLong()
    {
        var window = ModelUpstream.Window(100, length: 60);
        var run = new ControllerRun(now => window(now) ? ControllerRun.Accepted : Named(60 - (now % 60)));
        run.RunUntil(250);
        Assert.That((run.Kind, run.Bucket.IsClosed), Is.EqualTo((LimitKind.Window, false)));

        // Named ends are rounded up to a second, and a round trip old.
        Assert.That(run.Bucket.WaitFor(1, run.Now), Is.EqualTo(50).Within(1.2));
    }

    /// <summary>Refuses, and names the seconds until the end of the window, rounded up.</summary>
    private static SendResponse Named(double seconds) =>
        ControllerRun.Refused with { ServerDelay = TimeSpan.FromSeconds(Math.Ceiling(seconds)) };
}
