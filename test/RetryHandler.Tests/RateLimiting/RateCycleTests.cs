using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

[TestFixture]
internal sealed class RateCycleTests
{
    private RateCycle _cycle;

    [TestCase(1.0, 10.0)]
    [TestCase(5.0, 4.0, Description = "twenty sends")]
    [TestCase(1000.0, 0.5)]
    public void Settle_FirstRate_IsKeptForTwentySends(double rate, double expected)
    {
        _cycle.Settle(rate, isFirst: true, now: 0);

        Assert.That(_cycle.Anchor, Is.EqualTo(rate));
        Assert.That(Length(), Is.EqualTo(expected).Within(0.011));
    }

    [Test]
    public void Settle_Confirmed_DoublesTheCycleUpToTwentySeconds()
    {
        var cycles = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            _cycle.Settle(20, isFirst: i == 0, now: i);
            cycles.Add(Length());
        }

        Assert.That(cycles, Is.EqualTo(new[] { 1.0, 2, 4, 8, 16, 20, 20 }).Within(0.011));
    }

    /// <summary>While nobody waits the excess stays, so that acceptances need only be counted.</summary>
    [Test]
    public void IsCalm_TryForMoreHasBegun_OnlyTheCountGoesOn()
    {
        _cycle.Keep(20, length: 1);
        Assert.That(_cycle.IsCalm, "the rate is kept");
        _cycle.Advance(1);
        Assert.That(_cycle.IsCalm, Is.False, "the excess is to be set");

        var rate = _cycle.Exceed(busyTime: 0.01, roundTrip: 0.1);
        Assert.That(_cycle.IsCalm);
        Assert.That(_cycle.Exceed(busyTime: 0, roundTrip: 0.1), Is.EqualTo(rate));
        _cycle.Count(5);

        Assert.That(_cycle.Tried, Is.EqualTo(7));
    }

    [TestCase(16.1, true)]
    [TestCase(15.9, false)]
    [TestCase(24.9, true)]
    [TestCase(25.1, false)]
    public void Settle_RateNearTheLast_ConfirmsIt(double rate, bool expected)
    {
        Confirm(20);
        _cycle.Keep(20, length: 5);

        _cycle.Settle(rate, isFirst: false, now: 0);

        Assert.That(Length(), expected ? Is.EqualTo(10).Within(0.011) : Is.LessThan(2));
    }

    [Test]
    public void Settle_LimitMoved_IsWatchfulForFiveMinutes()
    {
        Confirm(20);
        Confirm(100, now: 10);
        Assert.That(Length(), Is.EqualTo(2).Within(0.011));

        _cycle.Settle(100, isFirst: false, now: 309);
        Assert.That(Length(), Is.EqualTo(2).Within(0.011));
        _cycle.Settle(100, isFirst: false, now: 310);
        Assert.That(Length(), Is.EqualTo(4).Within(0.011));
    }

    [TestCase(0.0, 2.0)]
    [TestCase(0.25, 2.5)]
    [TestCase(1.0, 10.0)]
    [TestCase(60.0, 20.0, Description = "a limit that has risen is to be found sometime")]
    public void OnClosed_NamedPause_TakesATenthOfTheCycleAtMost(double pause, double expected)
    {
        Confirm(200, now: 0);
        Assert.That(Length(), Is.EqualTo(2).Within(0.011));

        _cycle.OnClosed(pause, now: 1);

        Assert.That(Length(), Is.EqualTo(expected).Within(0.011));
    }

    [Test]
    public void OnClosed_CycleIsLongerAnyway_LeavesItAsItIs()
    {
        Confirm(10);

        _cycle.OnClosed(1, now: 1);

        Assert.That(Length(), Is.EqualTo(20).Within(0.011));
    }

    [Test]
    public void OnClosed_WatchesALimitThatMoved_KeepsNoLonger()
    {
        Confirm(20);
        Confirm(100, now: 10);

        _cycle.OnClosed(1, now: 11);

        Assert.That(Length(), Is.EqualTo(2).Within(0.011));
    }

    /// <summary>One attempt in 20 is refused to learn, also where they are rare.</summary>
    [TestCase(1.0, 20.0)]
    [TestCase(0.5, 40.0)]
    [TestCase(0.1, 120.0, Description = "a limit that has risen is to be found sometime")]
    public void Settle_ConfirmedBelowOneASecond_HasTwentySendsInTwoMinutesAtMost(double rate, double expected)
    {
        Confirm(rate);

        Assert.That(Length(), Is.EqualTo(expected).Within(0.011));
    }

    [Test]
    public void Settle_LimitMovedAndIsLow_IsWatchedNoLongerThanTwoSeconds()
    {
        Confirm(20);

        _cycle.Settle(1, isFirst: false, now: 10);

        Assert.That(Length(), Is.EqualTo(2).Within(0.011), "twenty sends would take 20 s");
    }

    [Test]
    public void Settle_GuessCorrected_IsNotWatchful()
    {
        _cycle.Settle(20, isFirst: true, now: 0);
        for (var i = 1; i < 3; i++)
        {
            _cycle.Settle(20, isFirst: false, now: i);
        }

        Confirm(100, now: 3);

        Assert.That(Length(), Is.GreaterThan(4));
    }

    [Test]
    public void Exceed_Confirmed_GoesOverByALittleAndThenByTwiceAsMuch()
    {
        Confirm(20);

        double[] rates = [_cycle.Exceed(0, 0.1), _cycle.Exceed(0.2, 0.1), _cycle.Exceed(0.2, 0.1)];

        Assert.That(rates, Is.EqualTo(new[] { 20.4, 20.8, 21.6 }).Within(1e-9));
        Assert.That(_cycle.Tried, Is.EqualTo(3));
        Assert.That(_cycle.Anchor, Is.EqualTo(20), "the rate that is known stays known");
    }

    [TestCase(20.0, 0.0, 0.2)]
    [TestCase(20.0, 0.5, 1.0, Description = "two round trips")]
    [TestCase(2.0, 0.0, 1.0, Description = "two sends")]
    public void RateBefore_OneDoubling_IsTheRateBeforeIt(double rate, double roundTrip, double doublingTime)
    {
        Confirm(rate);
        _cycle.Exceed(0, roundTrip);
        var before = _cycle.Exceed(0, roundTrip);

        var now = _cycle.Exceed(doublingTime, roundTrip);

        Assert.That(now - rate, Is.EqualTo(2 * (before - rate)).Within(2).Percent);
        Assert.That(
            _cycle.RateBefore(roundTrip) - rate,
            Is.EqualTo((now - rate) * Math.Pow(2, -roundTrip / doublingTime)).Within(2).Percent);
    }

    [TestCase(0.1, 0.02828427, Description = "half of the time is the root of two")]
    [TestCase(60.0, 0.04, Description = "one acceptance is no more than one doubling")]
    [TestCase(0.0, 0.02, Description = "nobody waited")]
    public void Exceed_TimeSinceTheLast_DoublesTheExcess(double busyTime, double expected)
    {
        Confirm(20);
        _cycle.Exceed(0, 0.1);

        Assert.That((_cycle.Exceed(busyTime, 0.1) / 20) - 1, Is.EqualTo(expected).Within(1e-7));
    }

    [Test]
    public void Exceed_RateIsAGuess_BeginsWithATenth()
    {
        _cycle.Settle(20, isFirst: true, now: 0);
        Assert.That(_cycle.Exceed(1, 0.1), Is.EqualTo(22).Within(1e-9));

        Confirm(20);
        _cycle.ForgetConfirmations();
        Assert.That(_cycle.Exceed(1, 0.1), Is.EqualTo(22).Within(1e-9));
    }

    [Test]
    public void IsAsking_CyclePassed_TellsForHowLong()
    {
        _cycle.Keep(20, length: 5);
        _cycle.Advance(4.5);
        Assert.That(_cycle.IsAsking, Is.False);

        _cycle.Advance(1.25);

        Assert.That(_cycle.IsAsking);
        Assert.That(_cycle.AskingTime, Is.EqualTo(0.75));
    }

    [Test]
    public void Keep_Rate_IsKeptForAsLongAsTheLast()
    {
        _cycle.Keep(20, length: 5);
        _cycle.Advance(5);
        _cycle.Exceed(0.1, 0.1);

        _cycle.Keep(30);

        Assert.That((_cycle.Anchor, _cycle.IsAsking), Is.EqualTo((30, false)));
        Assert.That(Length(), Is.EqualTo(5).Within(0.011));
    }

    [TestCase(20.0, 1.0)]
    [TestCase(5.0, 3.0, Description = "no longer than the rate before")]
    [TestCase(1000.0, 0.5)]
    public void Try_Rate_IsKeptForTwentySends(double rate, double expected)
    {
        _cycle.Keep(10, length: 3);

        _cycle.Try(rate);

        Assert.That(_cycle.Anchor, Is.EqualTo(rate));
        Assert.That(Length(), Is.EqualTo(expected).Within(0.011));
    }

    /// <summary>Settles at a rate until nothing changes any more.</summary>
    private void Confirm(double rate, double now = 0)
    {
        for (var i = 0; i < 9; i++)
        {
            _cycle.Settle(rate, isFirst: false, now);
        }
    }

    /// <summary>Measures how long a copy keeps to its rate.</summary>
    private double Length()
    {
        var cycle = _cycle;
        var seconds = 0.0;
        for (; !cycle.IsAsking; seconds += 0.01)
        {
            cycle.Advance(0.01);
        }

        return seconds;
    }
}
