using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

[TestFixture]
internal sealed class PublishedBudgetTests
{
    private readonly PublishedBudget _budget = new();

    [Test]
    public void WaitFor_Credit_IsWhatRemainsLessWhatIsOnItsWay()
    {
        Take(remaining: 5, resetIn: 10, now: 0, inFlight: 2);

        for (var i = 0; i < 3; i++)
        {
            Assert.That(_budget.WaitFor(1), Is.Zero, $"attempt {i}");
            _budget.OnSend();
        }

        Assert.That(_budget.WaitFor(1), Is.EqualTo(9), "until the reset");
        _budget.OnReturn();
        Assert.That(_budget.WaitFor(1), Is.Zero, "one was not sent after all");
    }

    [Test]
    public void OnLost_SentWithoutAnAnswer_MayHaveBeenCounted()
    {
        Take(remaining: 1, resetIn: 10, now: 0);
        _budget.OnSend();

        _budget.OnLost();

        Assert.That(_budget.WaitFor(1), Is.EqualTo(9));
    }

    [Test]
    public void Take_AnswersOvertakeEachOther_TheLowestCounts()
    {
        Take(remaining: 50, resetIn: 10, now: 0);
        Take(remaining: 47, resetIn: 9.9, now: 0.1, sentAt: -1);
        Take(remaining: 49, resetIn: 9.9, now: 0.1, sentAt: -1);

        Assert.That(_budget.Remaining, Is.EqualTo(47));
    }

    [Test]
    public void Take_MoreRemains_CountsOnlyForAnAttemptThatWasSentSince()
    {
        Take(remaining: 10, resetIn: 10, now: 1);

        Take(remaining: 20, resetIn: 10, now: 1.5, sentAt: 0.9);
        Assert.That(_budget.Remaining, Is.EqualTo(10), "it may have been overtaken");

        Take(remaining: 20, resetIn: 10, now: 1.6, sentAt: 1.1);
        Assert.That(_budget.Remaining, Is.EqualTo(20), "a bucket fills");
    }

    [Test]
    public void Take_AfterTheReset_AnswersToOlderAttemptsSayNothing()
    {
        Take(remaining: 3, resetIn: 10, now: 0);

        Take(remaining: 1, resetIn: 0.02, now: 10.01, sentAt: 9.9);
        Assert.That(_budget.Remaining, Is.EqualTo(3));

        Take(remaining: 99, resetIn: 10, now: 10.1, sentAt: 10.02);
        Take(remaining: 2, resetIn: 0.01, now: 10.2, sentAt: 9.95);
        Assert.That(_budget.Remaining, Is.EqualTo(99), "of the window before");
    }

    [Test]
    public void Take_ResetJumpsBack_IsBelievedOnlyAsNews()
    {
        Take(remaining: 10, resetIn: 100, now: 1);

        Take(remaining: 5, resetIn: 3, now: 1.5, sentAt: 0.5);
        Assert.That((_budget.Remaining, _budget.LimitsAt(1.5).Rate), Is.EqualTo((10.0, 10 / 99.5)));

        Take(remaining: 5, resetIn: 3, now: 1.6, sentAt: 1.1);
        Assert.That(_budget.Remaining, Is.EqualTo(5));
        Assert.That(_budget.LimitsAt(1.6).Rate, Is.EqualTo(5 / 2.5).Within(1e-9), "less a round trip");
    }

    /// <summary>
    /// An instant that is cut may be a second later than it says, and so is the upstream's clock: paced to the time that
    /// is named, a part of each window would be lost.
    /// </summary>
    [TestCase(59.1, 1.9)]
    [TestCase(60.0, 1)]
    [TestCase(58.5, 2, Description = "at most")]
    public void LimitsAt_MoreBeforeTheNamedReset_PacesToTheTrueOneAndWaitsForTheNamedOne(double renewedAt, double late)
    {
        Take(remaining: 100, resetIn: 61, now: 0);
        Take(remaining: 10, resetIn: 3, now: 58);

        Take(remaining: 100, resetIn: 61, now: renewedAt);

        Assert.That(_budget.LimitsAt(renewedAt).Rate, Is.EqualTo(100 / (61 - late)).Within(1e-9));
        Take(remaining: 0, resetIn: 2, now: renewedAt + 59.5);
        Assert.That(_budget.WaitFor(renewedAt + 59.5), Is.EqualTo(1.5).Within(1e-9), "not a moment before");
    }

    [Test]
    public void LimitsAt_MoreBeforeTheNamedResetOfAShortWindow_PacesAheadAPartOfItOnly()
    {
        Take(remaining: 100, resetIn: 10, now: 0);

        Take(remaining: 150, resetIn: 10, now: 8.4);

        Assert.That(_budget.LimitsAt(8.4).Rate, Is.EqualTo(150 / 9.5).Within(1e-9));
    }

    /// <summary>The delay of a refusal may be any, and so may be the reset of a bucket that is spent from.</summary>
    [TestCase(0)]
    [TestCase(40)]
    public void LimitsAt_LaterResetButNoMore_PacesToIt(double remaining)
    {
        Take(remaining: 50, resetIn: 60, now: 0);

        Take(remaining, resetIn: 60, now: 59);

        Take(remaining: 30, resetIn: 60, now: 120);
        Assert.That(_budget.LimitsAt(120).Rate, Is.EqualTo(30 / 60.0).Within(1e-9));
    }

    /// <summary>Without the grid each window would be seen to end a round trip later than the one before.</summary>
    [Test]
    public void Take_WholeSeconds_DoNotShiftTheWindows()
    {
        for (var window = 0; window < 20; window++)
        {
            var start = (window * 3) + 0.05;
            Take(remaining: 9, resetIn: 3, now: start, sentAt: start - 0.04);
            Take(remaining: 0, resetIn: 1, now: start + 2.5, sentAt: start + 2.4);

            var end = start + 2.5 + _budget.WaitFor(start + 2.5);
            Assert.That(end, Is.EqualTo(3.05 + (window * 3)).Within(1e-9), $"window {window}");
        }
    }

    [Test]
    public void WaitFor_ResetHasCome_LetsOneProbeGo()
    {
        Take(remaining: 0, resetIn: 10, now: 0);
        Assert.That(_budget.WaitFor(10), Is.Zero);

        _budget.OnSend();
        Assert.That(_budget.WaitFor(20), Is.EqualTo(double.PositiveInfinity), "only an answer can tell");

        _budget.OnAnswer();
        Assert.That(_budget.WaitFor(20), Is.Zero, "the answer told nothing: another one");
    }

    [Test]
    public void WaitFor_ResetIsHoursAway_ProbesAfterTenMinutes()
    {
        Take(remaining: 0, resetIn: 20_000, now: 0);

        Assert.That(_budget.WaitFor(0), Is.EqualTo(600));
    }

    [TestCase(100, 50, 2)]
    [TestCase(10, 50, 0.2)]
    [TestCase(0, 50, 1 / 50.0, Description = "a token must be there when the reset comes")]
    public void LimitsAt_Pace_SpreadsTheCreditOverTheTime(int remaining, double resetIn, double pace)
    {
        Take(remaining: 100, resetIn, now: 0);
        Take(remaining, resetIn, now: 0);

        var limits = _budget.LimitsAt(0);

        Assert.That(limits.Rate, Is.EqualTo(pace).Within(1e-9));
        Assert.That(limits.Capacity, Is.EqualTo(Math.Max(1, 0.1 * remaining)));
        Assert.That(limits.CloseFor, Is.EqualTo(remaining == 0 ? resetIn : 0));
        Assert.That(limits.IsPublished);
    }

    /// <summary>As the draft warns: late in an idle window r/t is many times q/w.</summary>
    [Test]
    public void LimitsAt_MuchRemainsLateInTheWindow_KeepsToThePolicy()
    {
        _budget.Take(
            new BudgetReading(600, 1) { Limit = 600, Window = 60 }, double.NegativeInfinity, 0, isBusy: true, now: 0);

        Assert.That(_budget.LimitsAt(0).Rate, Is.EqualTo(10));
    }

    [TestCase(4999, 3600, 20, 0.1, false, Description = "a burst is no pace")]
    [TestCase(4999, 3600, 20, 60, false, Description = "20 a minute leave 3,800 of 5,000")]
    [TestCase(4999, 3600, 300, 60, false, Description = "nor are 300 in a minute")]
    [TestCase(4999, 3600, 900, 600, true, Description = "90 a minute for 10 minutes are")]
    [TestCase(600, 3, 60, 0.01, true)]
    [TestCase(600, 3, 30, 0.3, false)]
    [TestCase(600, 3, 90, 0.3, true)]
    [TestCase(50, 60, 0, 30, false, Description = "what does not fall does not run out")]
    public void WouldRunOut_AtThePresentPace_Tells(int remaining, double resetIn, int spent, double time, bool expected)
    {
        Take(remaining, resetIn, now: 0);
        for (var i = 1; i <= spent; i++)
        {
            Take(remaining - i, resetIn - (time * i / spent), now: time * i / spent);
        }

        Assert.That(_budget.WouldRunOut(time), Is.EqualTo(expected));
    }

    [TestCase(10, true)]
    [TestCase(8, false)]
    public void WouldRunOut_MoreOnTheirWayThanRemains_IsTrue(int inFlight, bool expected)
    {
        Take(remaining: 10, resetIn: 60, now: 0, inFlight);

        Assert.That(_budget.WouldRunOut(0), Is.EqualTo(expected));
    }

    [TestCase(19, false)]
    [TestCase(4, true)]
    public void WouldRunOut_RenewedWithinASecond_GoesByTheLevel(int remaining, bool expected)
    {
        Take(remaining: 20, resetIn: 1, now: 0);
        Take(remaining, resetIn: 1, now: 0.1);

        Assert.That(_budget.WouldRunOut(0.1), Is.EqualTo(expected));
    }

    [Test]
    public void IsStuck_AnswersAreNotCounted_IsTrueWhenThereAreEnough()
    {
        for (var i = 0; i <= 40; i++)
        {
            Assert.That(_budget.IsStuck(i * 0.1), Is.EqualTo(i >= 30), $"after {i} answers");
            Take(remaining: 50, resetIn: 60 - (i * 0.1), now: i * 0.1);
        }
    }

    [Test]
    public void IsStuck_AnswersAreCounted_IsFalse()
    {
        for (var i = 0; i <= 40; i++)
        {
            Take(remaining: 50 - i, resetIn: 60 - (i * 0.1), now: i * 0.1);
            Assert.That(_budget.IsStuck(i * 0.1), Is.False);
        }
    }

    /// <summary>Of a bucket that is spent as fast as it fills the level stays, but the reset moves.</summary>
    [Test]
    public void IsStuck_BucketInBalance_IsFalse()
    {
        for (var i = 0; i <= 100; i++)
        {
            Take(remaining: 50, resetIn: 25, now: i * 0.1, sentAt: (i * 0.1) - 0.05);
            Assert.That(_budget.IsStuck(i * 0.1), Is.False);
        }
    }

    [Test]
    public void Forget_ThenAnotherBudget_StartsAnew()
    {
        Take(remaining: 0, resetIn: 1000, now: 0);

        _budget.Forget();

        Assert.That(_budget.IsKnown, Is.False);
        Take(remaining: 20, resetIn: 1, now: 0);
        Assert.That((_budget.Remaining, _budget.WaitFor(0)), Is.EqualTo((20.0, 0.0)));
    }

    /// <summary>A reset of a second says nothing of what is renewed several times in it.</summary>
    [TestCase(0, 100, Description = "a bucket: by the level")]
    [TestCase(1, 95 / 0.5, Description = "a window: by the time")]
    public void LimitsAt_ResetWithinASecond_GoesByWhatIsCounted(int spent, double rate)
    {
        for (var i = 0; i < 6; i++)
        {
            Take(remaining: 100 - (spent * i), resetIn: 1, now: 0);
        }

        Assert.That(_budget.LimitsAt(0.5).Rate, Is.EqualTo(rate).Within(1e-9));
    }

    [TestCase(25, false)]
    [TestCase(24, true)]
    public void WouldRunOut_ResetWithinASecond_IsALowLevel(double remaining, bool would)
    {
        Take(remaining: 100, resetIn: 1, now: 0);
        Take(remaining, resetIn: 1, now: 0.1);

        Assert.That(_budget.WouldRunOut(0.1), Is.EqualTo(would));
    }

    /// <summary>More than a third left, and the pace grows with each round trip; little, and it shrinks.</summary>
    [Test]
    public void LimitsAt_ResetWithinASecond_AdaptsOncePerRoundTrip()
    {
        Take(remaining: 99, resetIn: 1, now: 0);
        Take(remaining: 99, resetIn: 1, now: 0.2, sentAt: 0.1);
        Assert.That(_budget.LimitsAt(0.2).Rate, Is.EqualTo(2 * 99).Within(1e-9));

        Take(remaining: 99, resetIn: 1, now: 0.21, sentAt: 0.11);
        Assert.That(_budget.LimitsAt(0.21).Rate, Is.EqualTo(2 * 99).Within(1e-9), "in flight already");

        Take(remaining: 33, resetIn: 1, now: 0.4, sentAt: 0.3);
        Assert.That(_budget.LimitsAt(0.4).Rate, Is.EqualTo(0.9 * 2 * 33).Within(1e-9));
    }

    private void Take(
        double remaining,
        double resetIn,
        double now,
        int inFlight = 0,
        double sentAt = double.NegativeInfinity) =>
        _budget.Take(new BudgetReading(remaining, resetIn), sentAt, inFlight, isBusy: false, now);
}
