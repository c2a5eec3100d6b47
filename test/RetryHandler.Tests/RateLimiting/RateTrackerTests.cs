using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

[TestFixture]
internal sealed class RateTrackerTests
{
    private const double RoundTrip = 0.05;

    private RateTracker _tracker;

    [TestCase(0.1, 0.0, 20.0)]
    [TestCase(0.3, 0.2, 20.0, Description = "what is sent now is answered a round trip later")]
    [TestCase(0.05, 0.0, 14.142136)]
    [TestCase(60.0, 0.0, 20.0, Description = "one acceptance is no more than one doubling")]
    [TestCase(0.0, 0.0, 10.0, Description = "nobody waited: the callers, not the limit, hold the rate down")]
    public void Grow_WhileSearching_Doubles(double busyTime, double roundTrip, double expected)
    {
        _tracker.Search(10);

        _tracker.Grow(busyTime, roundTrip);

        Assert.That(_tracker.Rate, Is.EqualTo(expected).Within(1e-6));
        Assert.That(_tracker.IsSearching);
    }

    [TestCase(60, 60.0)]
    [TestCase(95, 80.0, Description = "a burst was accepted beside the rate")]
    [TestCase(5, 25.0)]
    public void OnRefused_WhileSearching_TakesWhatWasAccepted(int accepted, double expected)
    {
        _tracker.Search(100);

        Refuse(accepted, since: 0, now: 1);

        Assert.That(_tracker.Rate, Is.EqualTo(expected).Within(1e-9));
        Assert.That(_tracker.IsSearching, Is.False);
    }

    [Test]
    public void Grow_WithinTheCycle_KeepsExactlyToTheRate()
    {
        Confirm(20);
        for (var i = 0; i < 199; i++)
        {
            _tracker.Grow(0.1, RoundTrip);
        }

        Assert.That(_tracker.Rate, Is.EqualTo(20));
    }

    [Test]
    public void Grow_AfterTheCycle_GoesOverByALittleAndThenByTwiceAsMuch()
    {
        Confirm(20);
        var rates = new List<double>();
        foreach (var busyTime in new[] { 20, 0.2, 0.2 })
        {
            _tracker.Grow(busyTime, RoundTrip);
            rates.Add(_tracker.Rate);
        }

        Assert.That(rates, Is.EqualTo(new[] { 20.4, 20.8, 21.6 }).Within(1e-9));
    }

    [Test]
    public void Grow_NobodyWaits_NeverTriesForMore()
    {
        Confirm(20);
        for (var i = 0; i < 10_000; i++)
        {
            _tracker.Grow(busyTime: 0, RoundTrip);
        }

        Assert.That(_tracker.Rate, Is.EqualTo(20));
    }

    [Test]
    public void OnRefused_AfterATryForMore_TakesWhatLiesBetweenTheRefusals()
    {
        Confirm(20);
        Ask();

        Refuse(accepted: 407, since: 0, now: 20);

        Assert.That(_tracker.Rate, Is.EqualTo(20.35).Within(1e-9));
    }

    [Test]
    public void OnRefused_NotAskedFor_PoolsWhatWasAcceptedSinceTheLastTry()
    {
        Confirm(20);
        Ask();
        Refuse(accepted: 400, since: 0, now: 20);
        Refuse(accepted: 50, since: 20, now: 24);
        Assert.That(_tracker.Rate, Is.EqualTo(450 / 24.0).Within(1e-9), "four seconds alone would be 12.5/s");

        Confirm(20);
        Refuse(accepted: 100, since: 24, now: 30);
        Assert.That(_tracker.Rate, Is.EqualTo(550 / 30.0).Within(1e-9), "six seconds alone would be 16.7/s");

        Confirm(20);
        Ask();
        Refuse(accepted: 204, since: 30, now: 40);
        Assert.That(_tracker.Rate, Is.EqualTo(20.4).Within(1e-9), "a try begins anew");
    }

    [Test]
    public void OnRefused_CallersWantedLess_LearnsNoGrowth()
    {
        Confirm(20);
        _tracker.Grow(20, RoundTrip);

        // Callers waited a tenth of the time: 4/s is what they wanted, not what the upstream allows.
        Refuse(accepted: 80, since: 0, now: 20, busyTime: 2);

        Assert.That(_tracker.Rate, Is.InRange(0.7 * 20, 20.0));
    }

    [TestCase(false, 166.97056, Description = "what the try came to is believed")]
    [TestCase(true, 120.0, Description = "before a closed door it is no more than callers wanted")]
    public void OnRefused_TryAfterAllWereToldToComeLater_BelievesIt(bool wasClosed, double expected)
    {
        Confirm(150);
        _tracker.Grow(2.67, RoundTrip);
        for (var i = 0; i < 100; i++)
        {
            _tracker.Grow(0.005, RoundTrip);
        }

        // 200/s for half a second, though 150/s is all that the whole time comes to.
        Refuse(accepted: 600, since: 0, now: 5, busyTime: 3.5, wasClosed);

        Assert.That(_tracker.Rate, Is.EqualTo(expected).Within(0.01));
    }

    [TestCase(2, 0.5, 5.0, Description = "two of ten, and half a one: 5/s")]
    [TestCase(5, 0.5, 11.0)]
    [TestCase(8, 0.5, 588 / 29.5, Description = "most of ten: all that was accepted since the last try counts")]
    [TestCase(0, 0.1, 580 / 29.1, Description = "two sends say nothing")]
    [TestCase(0, 5.0, 2.0, Description = "a tenth at least")]
    public void OnRefused_SoonAfterTheOneBefore_FollowsACapacityThatFell(int accepted, double time, double expected)
    {
        Confirm(20);
        Ask();
        Refuse(accepted: 400, since: 0, now: 20);
        Confirm(20);
        Refuse(accepted: 180, since: 20, now: 29);
        Confirm(20);

        Refuse(accepted, since: 29, now: 29 + time);

        Assert.That(_tracker.Rate, Is.EqualTo(expected).Within(1e-9));
        Assert.That(_tracker.IsShared, Is.False);
    }

    [Test]
    public void OnRefused_CapacityFell_SaysSo()
    {
        Confirm(20);
        _tracker.OnRefused(Accepted(150, since: 0), busyTime: 8, RoundTrip, wasClosed: false, now: 8);

        Assert.That(_tracker.OnRefused(Accepted(8, since: 8), busyTime: 8.5, RoundTrip, wasClosed: false, now: 8.5), Is.False);
        Assert.That(_tracker.OnRefused(Accepted(1, since: 8.5), busyTime: 9, RoundTrip, wasClosed: false, now: 9));
    }

    /// <summary>What was accepted while callers were away says nothing about a fall.</summary>
    [Test]
    public void OnRefused_CallersWereAway_IsNoFall()
    {
        Confirm(20);
        Refuse(accepted: 180, since: 0, now: 9);
        Confirm(20);

        Refuse(accepted: 0, since: 9, now: 14, busyTime: 3);

        Assert.That(_tracker.Rate, Is.EqualTo(0.7 * 20).Within(1e-9));
    }

    [Test]
    public void OnRefused_AfterAFall_IsASignOfOthersOnceTheRateIsKnown()
    {
        Confirm(20);
        Refuse(accepted: 180, since: 0, now: 9);
        Refuse(accepted: 2, since: 9, now: 9.5);

        Refuse(accepted: 12, since: 9.5, now: 12);
        Refuse(accepted: 12, since: 12, now: 14.5);
        Assert.That(_tracker.IsShared, Is.False, "14 and 26 acceptances since: one sign");
        Refuse(accepted: 12, since: 14.5, now: 17);

        Assert.That(_tracker.IsShared);
    }

    [Test]
    public void OnRefused_AskedForAndLessWasAccepted_KeepsWhatWasKeptForACycle()
    {
        Confirm(20);
        Ask();

        Refuse(accepted: 360, since: 0, now: 20);

        Assert.That(_tracker.Rate, Is.EqualTo(20).Within(1e-9));
    }

    [Test]
    public void Absorb_SharedLimitThatFell_FollowsIt()
    {
        Share(20);

        _tracker.Absorb(Accepted(1, since: 6), busyTime: 6.5, now: 6.5);

        Assert.That(_tracker.Rate, Is.EqualTo(3).Within(1e-9), "one and a half in half a second");
        Assert.That(_tracker.IsShared);
    }

    [Test]
    public void Undo_Refusal_IsForgottenButForTheRun()
    {
        Confirm(20);
        Refuse(accepted: 180, since: 0, now: 9);
        Confirm(20);
        var before = _tracker;
        Refuse(accepted: 0, since: 9, now: 9.15);

        _tracker.Undo(before);

        Assert.That(_tracker.Rate, Is.EqualTo(20));
        Refuse(accepted: 1, since: 9.15, now: 9.25);
        Assert.That(_tracker.Rate, Is.EqualTo(6).Within(1e-9), "one and a half in a quarter of a second");
    }

    [Test]
    public void OnRefused_TwoUnaskedWithinFiftyAcceptances_MakeTheLimitAShared()
    {
        Confirm(20);

        Refuse(accepted: 49, since: 0, now: 3);
        Assert.That(_tracker.IsShared, Is.False, "one is an accident");
        Confirm(20);
        Refuse(accepted: 49, since: 3, now: 6);

        Assert.That(_tracker.IsShared);
        Assert.That(_tracker.Rate, Is.EqualTo(0.78 * 20).Within(1e-9));
    }

    [TestCase(0, 5, Description = "they outnumber those that were asked for")]
    [TestCase(2, 0)]
    public void OnRefused_UnaskedAHundredAcceptancesApart_MakeTheLimitASharedUnlessAskedFor(int asked, int expected)
    {
        var refused = Enumerable.Range(1, 20).FirstOrDefault(i => IsSharedAfter(5 * i));

        Assert.That(refused, Is.EqualTo(expected));

        bool IsSharedAfter(int now)
        {
            for (var i = 0; i < asked; i++)
            {
                Confirm(20);
                Ask();
                Refuse(accepted: 400, since: now - 25, now);
            }

            Confirm(20);
            Refuse(accepted: 100, since: now, now: now + 5);
            return _tracker.IsShared;
        }
    }

    [Test]
    public void OnRefused_WithinTenRoundTripsOfATry_IsNoSignOfOthers()
    {
        for (var now = 0.0; now < 20; now++)
        {
            Confirm(20);
            Ask();
            Refuse(accepted: 6, since: now, now: now + (6 * RoundTrip));
            Confirm(20);
            Refuse(accepted: 2, since: now + (6 * RoundTrip), now: now + (9.9 * RoundTrip));
            Assert.That(_tracker.IsShared, Is.False, $"at {now} s");
        }
    }

    [TestCase(2, false)]
    [TestCase(1, false)]
    [TestCase(0, true)]
    public void OnRefused_AskedForBetween_CountsAgainstOthers(int asked, bool expected)
    {
        Confirm(20);
        Refuse(accepted: 40, since: 0, now: 3);
        for (var i = 0; i < asked; i++)
        {
            Confirm(20);
            Ask();
            Refuse(accepted: 400, since: 3, now: 23);
        }

        Confirm(20);
        Refuse(accepted: 40, since: 23, now: 26);

        Assert.That(_tracker.IsShared, Is.EqualTo(expected));
    }

    [Test]
    public void Absorb_SharedLimit_GivesWayInProportion()
    {
        Share(20);
        _tracker.Grow(2, RoundTrip);
        var before = _tracker.Rate;

        Assert.That(_tracker.Absorb(default, busyTime: 0, now: 20));

        Assert.That(_tracker.Rate, Is.EqualTo(0.78 * before).Within(1e-9));
    }

    [Test]
    public void Grow_SharedLimit_AddsEqualSteps()
    {
        Share(8);
        var first = _tracker.Rate;

        _tracker.Grow(1, RoundTrip);
        Assert.That(_tracker.Rate - first, Is.EqualTo(0.11).Within(1e-9));
        _tracker.Grow(1, RoundTrip);
        Assert.That(_tracker.Rate - first, Is.EqualTo(0.22).Within(1e-9));
    }

    [Test]
    public void Grow_SharedLimitWithoutRefusalForLong_LeavesAndKeepsWhatWasWon()
    {
        Share(6);
        for (var i = 0; i < 599; i++)
        {
            _tracker.Grow(0.1, RoundTrip);
        }

        Assert.That(_tracker.IsShared);
        var rate = _tracker.Rate;
        _tracker.Grow(0.2, RoundTrip);

        Assert.That(_tracker.IsShared, Is.False);
        Assert.That(_tracker.Rate, Is.GreaterThan(rate));
        rate = _tracker.Rate;
        _tracker.Grow(0.9, RoundTrip);
        Assert.That(_tracker.Rate, Is.EqualTo(rate), "kept for a second");
        _tracker.Grow(0.2, RoundTrip);
        Assert.That(_tracker.Rate, Is.GreaterThan(rate));
    }

    [Test]
    public void Search_SharedBefore_ForgetsTheOthers()
    {
        Share(20);

        _tracker.Search(5);

        Assert.That((_tracker.IsShared, _tracker.IsSearching, _tracker.Rate), Is.EqualTo((false, true, 5)));
        Assert.That(_tracker.Absorb(default, busyTime: 0, now: 20), Is.False);
    }

    [TestCase(2.0)]
    [TestCase(20.0)]
    [TestCase(200.0)]
    [TestCase(2000.0)]
    public void Rate_BucketUpstream_IsFoundAndKeptWithFewRefusals(double limit)
    {
        _tracker.Search(1);
        var run = new TrackerRun(_tracker, ModelUpstream.Bucket(limit, burst: Math.Max(5, 0.5 * limit)));
        run.RunUntil(60);
        run.Refusals.Clear();

        Assert.That(run.RateOf(300), Is.EqualTo(limit).Within(1).Percent);
        Assert.That(run.Refusals.Count / 300.0 / limit, Is.LessThan(0.03));
    }

    /// <summary>
    /// More was accepted than the rate, because answers to what was sent before the last cut came after it, and nobody
    /// waited since the cycle passed, so that the try took no time.
    /// </summary>
    [Test]
    public void OnRefused_MeasuredMoreThanTheRate_ThrowsNothing()
    {
        Confirm(20);
        _tracker.Grow(20, RoundTrip);
        for (var i = 0; i < 30; i++)
        {
            _tracker.Grow(busyTime: 0, RoundTrip);
        }

        Assert.That(_tracker.Rate, Is.EqualTo(20.4).Within(1e-9));
        Refuse(accepted: 450, since: 0, now: 22, busyTime: 20);

        Assert.That(_tracker.Rate, Is.InRange(20, 20.5));
    }

    /// <summary>Alone with a bucket of 3 at 0.3/s, a rate of three acceptances was wrong by a third.</summary>
    [TestCase(0.5, 4, false)]
    [TestCase(0.5, 5, true)]
    [TestCase(1.0, 9, true)]
    public void OnRefused_SoonAndSlow_IsThatOfOthersOnceTheRateIsKnown(double rate, int accepted, bool expected)
    {
        for (var i = 0; i < 3 && !_tracker.IsShared; i++)
        {
            _tracker.Settle(rate, now: 0);
            Refuse(accepted, since: 10 * i, now: 10 * (i + 1));
        }

        Assert.That(_tracker.IsShared, Is.EqualTo(expected));
    }

    [TestCase(50.0, 0.5)]
    [TestCase(10.0, 0.25)]
    [TestCase(400.0, 4.0)]
    public void Reserve_Rate_IsAHundredthOfASecondsWorth(double rate, double expected)
    {
        Confirm(rate);

        Assert.That(_tracker.Reserve, Is.EqualTo(expected).Within(1e-9));
    }

    /// <summary>All connections of a shared upstream failed for a minute: it must not be met with the backlog.</summary>
    [Test]
    public void Grow_SharedAfterALongPause_GrowsByNoMoreThanWasSeen()
    {
        Share(20);
        var before = _tracker.Rate;

        _tracker.Grow(60, RoundTrip);

        Assert.That(_tracker.Rate, Is.InRange(before, before + 2));
        Assert.That(_tracker.IsShared);
    }

    /// <summary>Settles at a rate until its cycle is as long as it gets.</summary>
    private void Confirm(double rate)
    {
        for (var i = 0; i < 9; i++)
        {
            _tracker.Settle(rate, now: 0);
        }
    }

    /// <summary>Lets the cycle pass and goes over the rate for a second.</summary>
    private void Ask()
    {
        _tracker.Grow(20, RoundTrip);
        _tracker.Grow(1, RoundTrip);
    }

    /// <summary>Makes it know of others.</summary>
    private void Share(double rate)
    {
        for (var i = 0; i < 2; i++)
        {
            Confirm(rate);
            Refuse(accepted: 45, since: 3 * i, now: 3 * (i + 1));
        }

        Assert.That(_tracker.IsShared);
    }

    private static AcceptedRate Accepted(int count, double since, double? busySince = null)
    {
        var rate = new AcceptedRate(since, busySince ?? since);
        for (var i = 0; i < count; i++)
        {
            rate.Add(busyTime: 0);
        }

        return rate;
    }

    private void Refuse(int accepted, double since, double now, double? busyTime = null, bool wasClosed = false)
    {
        var rate = Accepted(accepted, since, busyTime is null ? since : 0);
        Assert.That(_tracker.Absorb(rate, busyTime ?? now, now), Is.False);
        _tracker.OnRefused(rate, busyTime ?? now, RoundTrip, wasClosed, now);
    }
}
