using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

[TestFixture]
internal sealed class RateTrackerTests
{
    [TestCase(0.1, 0.0, 20.0)]
    [TestCase(0.3, 0.2, 20.0, Description = "what is sent now is answered a round trip later")]
    [TestCase(0.05, 0.0, 14.142136)]
    [TestCase(60.0, 0.0, 20.0, Description = "one acceptance is no more than one doubling")]
    [TestCase(0.0, 0.0, 10.0, Description = "nobody waited: the callers, not the limit, hold the rate down")]
    public void Grow_WhileSearching_Doubles(double busyTime, double roundTrip, double expected)
    {
        var tracker = Searching(10);

        tracker.Grow(busyTime, roundTrip);

        Assert.That(tracker.Rate, Is.EqualTo(expected).Within(1e-6));
        Assert.That(tracker.IsSearching);
    }

    [TestCase(60, 60.0)]
    [TestCase(95, 80.0, Description = "a burst was accepted beside the rate")]
    [TestCase(5, 25.0)]
    public void OnRefused_WhileSearching_TakesWhatWasAccepted(int accepted, double expected)
    {
        var tracker = Searching(100);

        Assert.That(tracker.OnRefused(Accepted(accepted), busyTime: 1, now: 1));

        Assert.That(tracker.Rate, Is.EqualTo(expected).Within(1e-9));
        Assert.That(tracker.IsSearching, Is.False);
    }

    [Test]
    public void Grow_WithinTheCycle_KeepsExactlyToTheRate()
    {
        var tracker = Confirmed(20);
        for (var i = 0; i < 199; i++)
        {
            tracker.Grow(0.1, 0.05);
        }

        Assert.That(tracker.Rate, Is.EqualTo(20));
    }

    [Test]
    public void Grow_AfterTheCycle_GoesOverByALittleAndThenByTwiceAsMuch()
    {
        var tracker = Confirmed(20);

        tracker.Grow(20, 0.05);
        Assert.That(tracker.Rate, Is.EqualTo(20.4).Within(1e-9));
        tracker.Grow(0.2, 0.05);
        Assert.That(tracker.Rate, Is.EqualTo(20.8).Within(1e-9));
        tracker.Grow(0.2, 0.05);
        Assert.That(tracker.Rate, Is.EqualTo(21.6).Within(1e-9));
    }

    [Test]
    public void Grow_NobodyWaits_NeverTriesForMore()
    {
        var tracker = Confirmed(20);
        for (var i = 0; i < 10_000; i++)
        {
            tracker.Grow(busyTime: 0, 0.05);
        }

        Assert.That(tracker.Rate, Is.EqualTo(20));
    }

    [Test]
    public void OnRefused_AfterATryForMore_TakesWhatLiesBetweenTheRefusals()
    {
        var tracker = Confirmed(20);
        tracker.Grow(20, 0.05);
        tracker.Grow(1, 0.05);

        Assert.That(tracker.OnRefused(Accepted(407), busyTime: 20, now: 20));

        Assert.That(tracker.Rate, Is.EqualTo(20.35).Within(1e-9));
    }

    [Test]
    public void OnRefused_CallersWantedLess_KeepsTheAnchorAtMost()
    {
        var tracker = Confirmed(20);
        tracker.Grow(20, 0.05);

        // Callers waited a tenth of the time: 4/s is what they wanted, not what the upstream allows.
        tracker.OnRefused(Accepted(80), busyTime: 2, now: 20);

        Assert.That(tracker.Rate, Is.InRange(0.7 * 20, 20.0));
    }

    [Test]
    public void Settle_Confirmed_DoublesTheCycleUpToTwentySeconds()
    {
        var tracker = Searching(20);
        var cycles = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            tracker.Settle(20, now: i);
            cycles.Add(Cycle(tracker));
        }

        Assert.That(cycles, Is.EqualTo(new[] { 1.0, 2, 4, 8, 16, 20, 20 }).Within(0.011));
    }

    [Test]
    public void Settle_LimitMoved_IsWatchfulForFiveMinutes()
    {
        var tracker = Confirmed(20);
        tracker.Settle(100, now: 10);
        for (var i = 0; i < 8; i++)
        {
            tracker.Settle(100, now: 11);
        }

        Assert.That(Cycle(tracker), Is.EqualTo(2).Within(0.011));
        tracker.Settle(100, now: 309);
        Assert.That(Cycle(tracker), Is.EqualTo(2).Within(0.011));
        tracker.Settle(100, now: 310);
        Assert.That(Cycle(tracker), Is.EqualTo(4).Within(0.011));
    }

    [Test]
    public void Settle_GuessCorrected_IsNotWatchful()
    {
        var tracker = Searching(20);
        for (var i = 0; i < 8; i++)
        {
            tracker.Settle(i < 2 ? 20 : 100, now: i);
        }

        Assert.That(Cycle(tracker), Is.GreaterThan(4));
    }

    [Test]
    public void OnRefused_TwoRareUnaskedRefusals_MakeTheLimitAShared()
    {
        var tracker = Confirmed(20);

        Assert.That(tracker.OnRefused(Accepted(110, since: 0), busyTime: 6, now: 6));
        Assert.That(tracker.IsShared, Is.False, "one is an accident");
        tracker = Reconfirmed(tracker, 20);
        Assert.That(tracker.OnRefused(Accepted(110, since: 6), busyTime: 12, now: 12));

        Assert.That(tracker.IsShared);
    }

    [TestCase(110, 4.9, Description = "refusals that come soon again")]
    [TestCase(40, 6.0, Description = "less was accepted than the rate: the limit itself sank")]
    public void OnRefused_NotAsOnASharedLimit_IsNoneForLong(int accepted, double apart)
    {
        var tracker = Confirmed(20);
        for (var i = 0; i < 10; i++)
        {
            tracker.OnRefused(Accepted(accepted, i * apart), busyTime: (i + 1) * apart, now: (i + 1) * apart);
            Assert.That(tracker.IsShared, Is.False, $"refusal {i}");
            tracker = Reconfirmed(tracker, 20);
        }
    }

    [Test]
    public void OnRefused_SharedLimit_GivesWayInProportion()
    {
        var tracker = Shared(20);
        var before = tracker.Rate;

        Assert.That(tracker.OnRefused(Accepted(1), busyTime: 1, now: 1));

        Assert.That(tracker.Rate, Is.EqualTo(0.7 * before).Within(1e-9));
    }

    [Test]
    public void Grow_SharedLimit_AddsEqualSteps()
    {
        var tracker = Shared(20);
        tracker.OnRefused(Accepted(1), busyTime: 1, now: 1);
        var anchor = tracker.Rate;

        tracker.Grow(1, 0.05);
        var first = tracker.Rate - anchor;
        tracker.Grow(1, 0.05);

        Assert.That(first, Is.EqualTo((0.01 * anchor) + 0.04).Within(1e-9));
        Assert.That(tracker.Rate - anchor, Is.EqualTo(2 * first).Within(1e-9));
    }

    [Test]
    public void Grow_SharedLimitWithoutRefusalFor40Seconds_IsAloneAgain()
    {
        var tracker = Shared(20);

        tracker.Grow(40, 0.05);
        Assert.That(tracker.IsShared);
        var rate = tracker.Rate;
        tracker.Grow(0.1, 0.05);

        Assert.That(tracker.IsShared, Is.False);
        Assert.That(tracker.Rate, Is.GreaterThanOrEqualTo(rate), "what was won is kept");
    }

    [Test]
    public void Grow_TwoOnOneSharedLimit_ComeTogether()
    {
        var (large, small) = (Shared(30), Shared(5));
        for (var now = 0.0; now < 600; now += 0.1)
        {
            large.Grow(0.1, 0.05);
            small.Grow(0.1, 0.05);
            if (large.Rate + small.Rate > 40)
            {
                large.OnRefused(Accepted(30), busyTime: now, now);
                small.OnRefused(Accepted(30), busyTime: now, now);
            }
        }

        Assert.That(large.Rate / small.Rate, Is.InRange(1, 2), "it was six times as much");
    }

    [TestCase(2.0)]
    [TestCase(20.0)]
    [TestCase(200.0)]
    [TestCase(2000.0)]
    public void Rate_BucketUpstream_IsFoundAndKeptWithFewRefusals(double limit)
    {
        var run = new TrackerRun(Searching(1), TrackerRun.Bucket(_ => limit, burst: Math.Max(5, 0.5 * limit)));

        run.RunUntil(60);
        var (accepted, refusals) = (run.Accepted, run.Refusals.Count);
        run.RunUntil(360);

        Assert.That((run.Accepted - accepted) / 300.0, Is.EqualTo(limit).Within(1).Percent);
        Assert.That((run.Refusals.Count - refusals) / 300.0 / limit, Is.LessThan(0.03));
    }

    [Test]
    public void Rate_LimitRises_IsFollowedWithinFiveSecondsWhileWatchful()
    {
        var run = new TrackerRun(
            Searching(1), TrackerRun.Bucket(now => now is < 60 or > 120 ? 50 : 10, burst: 20));
        run.RunUntil(120);
        Assert.That(run.Tracker.Rate, Is.EqualTo(10).Within(25).Percent);

        run.RunUntil(125);
        var accepted = run.Accepted;
        run.RunUntil(135);

        Assert.That(run.Accepted - accepted, Is.GreaterThan(0.9 * 50 * 10));
    }

    [Test]
    public void OnRefused_RefusalAtRandom_ChangesNothing()
    {
        var tracker = Confirmed(20);

        Assert.That(tracker.OnRefused(Accepted(10), busyTime: 0.5, now: 0.5), Is.False);

        Assert.That(tracker.Rate, Is.EqualTo(20));
    }

    [TestCase(50.0, 1.0)]
    [TestCase(400.0, 4.0)]
    public void Reserve_Rate_IsAHundredthOfASecondsWorth(double rate, double expected) =>
        Assert.That(Confirmed(rate).Reserve, Is.EqualTo(expected).Within(1e-9));

    private static RateTracker Searching(double rate)
    {
        var tracker = default(RateTracker);
        tracker.Search(rate);
        return tracker;
    }

    private static RateTracker Confirmed(double rate) => Reconfirmed(Searching(rate), rate);

    private static RateTracker Reconfirmed(RateTracker tracker, double rate)
    {
        for (var i = 0; i < 9; i++)
        {
            tracker.Settle(rate, now: 0);
        }

        return tracker;
    }

    /// <summary>Makes a tracker that knows of others.</summary>
    private static RateTracker Shared(double rate)
    {
        var tracker = Confirmed(rate);
        for (var i = 0; i < 2; i++)
        {
            tracker.OnRefused(Accepted((int)(10 * rate), since: 10 * i), busyTime: 10 * (i + 1), now: 10 * (i + 1));
            tracker = Reconfirmed(tracker, rate);
        }

        Assert.That(tracker.IsShared);
        return tracker;
    }

    private static AcceptedRate Accepted(int count, double since = 0)
    {
        var accepted = new AcceptedRate(since, busyTime: since);
        for (var i = 0; i < count; i++)
        {
            accepted.Add();
        }

        return accepted;
    }

    /// <summary>Measures how long a copy keeps to its rate.</summary>
    private static double Cycle(RateTracker tracker)
    {
        var (rate, seconds) = (tracker.Rate, 0.0);
        while (tracker.Rate == rate)
        {
            tracker.Grow(0.01, 0);
            seconds += 0.01;
        }

        return seconds;
    }
}
