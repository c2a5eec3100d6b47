using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

[TestFixture]
internal sealed class WindowLedgerTests
{
    private readonly WindowLedger _ledger = new();

    [Test]
    public void WaitFor_NothingKnown_IsZero()
    {
        Assert.That(_ledger.IsActive, Is.False);
        Assert.That(_ledger.WaitFor(5), Is.Zero);
    }

    [TestCase(3.0, 12)]
    [TestCase(60.0, 200)]
    public void OnRefused_EndsNamedInWholeSeconds_LearnsCountAndLength(double length, double enough)
    {
        var run = new WindowRun(_ledger) { Length = length };

        run.RunUntil(enough);

        Assert.That(_ledger.Count, Is.EqualTo(30));
        Assert.That(_ledger.Length, Is.EqualTo(length));
    }

    [TestCase(3.0)]
    [TestCase(60.0)]
    public void WaitFor_WindowKnown_SpendsItWithoutRefusal(double length)
    {
        var run = new WindowRun(_ledger) { Length = length };
        run.RunUntil(6 * length);
        run.Refusals.Clear();
        run.Acceptances.Clear();

        run.RunUntil(86 * length);

        // One in every eighth window asks whether there is room for more.
        Assert.That(run.Refusals, Has.Count.InRange(9, 11));
        Assert.That(run.Acceptances, Has.Count.InRange(79 * 30, 81 * 30));
    }

    [Test]
    public void WaitFor_RefusalAfterTheWindowIsKnown_IsTheThirtyFirstOfItsWindow()
    {
        var run = new WindowRun(_ledger);
        run.RunUntil(18);
        run.Refusals.Clear();

        run.RunUntil(240);

        Assert.That(run.Refusals, Is.Not.Empty);
        foreach (var refusal in run.Refusals)
        {
            var start = Math.Floor(refusal / 3) * 3;
            Assert.That(run.Acceptances.Count(time => time >= start && time < refusal), Is.EqualTo(30));
        }
    }

    [Test]
    public void WaitFor_Spent_LastsUntilTheNamedEnd()
    {
        var now = Known();
        for (var i = 0; i < 10; i++)
        {
            Assert.That(_ledger.WaitFor(now + (0.01 * i)), Is.Zero, $"attempt {i}");
            Accept(now + (0.01 * i));
        }

        Assert.That(_ledger.WaitFor(now + 0.5), Is.EqualTo(9.5).Within(1e-9));
        Assert.That(_ledger.WaitFor(now + 9.9), Is.EqualTo(0.1).Within(1e-9));
        Assert.That(_ledger.WaitFor(now + 10), Is.Zero);
    }

    [Test]
    public void OnReturn_AttemptNotSent_LeavesItsPlace()
    {
        var now = Known();
        Accept(now, times: 9);
        _ledger.OnSend();
        Assert.That(_ledger.WaitFor(now), Is.GreaterThan(0));

        _ledger.OnReturn();

        Assert.That(_ledger.WaitFor(now), Is.Zero);
    }

    /// <summary>The first ask comes when the window is spent, the next in its middle, and so on in turn.</summary>
    [Test]
    public void WaitFor_AsksThatAreRefused_ComeAfterTwiceAsManyWindows()
    {
        Known();
        var asks = new List<(int Window, double At)>();
        for (var window = 2; window <= 30; window++)
        {
            var (start, end) = (10.0 * window, 10.0 * (window + 1));
            var now = start;
            for (var sent = 0; now < end; sent++)
            {
                if (_ledger.WaitFor(now) is > 0 and var wait)
                {
                    now += wait;
                    sent--;
                }
                else if (sent < 10)
                {
                    Accept(now);
                }
                else
                {
                    asks.Add((window, now - start));
                    Assert.That(Refuse(now, delay: end - now));
                }
            }
        }

        Assert.That(asks, Is.EqualTo(new[] { (3, 2.5), (7, 2.5), (15, 2.5), (23, 2.5) }));
    }

    [Test]
    public void WaitFor_AskThatIsTaken_IsFollowedByTwiceAsManyAtOnce()
    {
        var now = Known() + 10;
        Assert.That(_ledger.WaitFor(now), Is.Zero);
        Accept(now, times: 10);
        Assert.That(_ledger.WaitFor(now), Is.EqualTo(2.5).Within(1e-6), "a bucket that was emptied would refuse");

        now += 2.5;
        Assert.That(_ledger.WaitFor(now), Is.Zero, "the window is asked for more");
        _ledger.OnSend();
        Assert.That(_ledger.WaitFor(now), Is.GreaterThan(0), "one at first");
        _ledger.OnAccepted(now);
        _ledger.OnSend();
        _ledger.OnSend();
        Assert.That(_ledger.WaitFor(now), Is.GreaterThan(0), "then two");
        _ledger.OnAccepted(now);
        _ledger.OnAccepted(now);

        Assert.That(_ledger.WaitFor(now + 10), Is.Zero, "the next window");
        Assert.That(_ledger.Count, Is.EqualTo(13), "they belonged to the window");
    }

    /// <summary>
    /// While a published budget is followed, the window is told of what is sent and not of the answers: the spent window
    /// then waited for them for ever.
    /// </summary>
    [Test]
    public void Restart_AnswersWereNotTold_NobodyWaitsForThem()
    {
        _ledger.Begin(10, end: 10, doubt: 0, now: 10);
        _ledger.Open(10, pause: 5);
        for (var i = 0; i < 600; i++)
        {
            _ledger.OnSend();
        }

        Assert.That(_ledger.WaitFor(20), Is.EqualTo(double.PositiveInfinity));

        _ledger.Restart(20);

        Assert.That(_ledger.WaitFor(20), Is.Zero);
    }

    [Test]
    public void OnRefused_AskNamesTheEndRoundedUp_KeepsToTheEndThatIsKnown()
    {
        var now = Known() + 10;
        Assert.That(_ledger.WaitFor(now), Is.Zero);
        Accept(now, times: 10);
        Assert.That(_ledger.WaitFor(now + 2.5), Is.Zero);

        Assert.That(Refuse(now + 2.6, delay: 8));

        Assert.That(_ledger.IsEndSure);
        Assert.That(_ledger.WaitFor(now + 3), Is.EqualTo(7).Within(1e-6), "and not 7.6");
    }

    /// <summary>A bucket of 50 that fills in a second took 51 while it was emptied: that is no answer to an ask.</summary>
    [Test]
    public void OnRefused_NobodyAsked_DoesNotPutTheNextAskOffForLong()
    {
        _ledger.Begin(51, end: 100, doubt: 0, now: 100);
        _ledger.Open(100, pause: 5);
        Accept(100, times: 50);
        Refuse(101, delay: 99);
        Assert.That((_ledger.Count, _ledger.Length), Is.EqualTo((51, 100)));
        Assert.That(_ledger.WaitFor(200), Is.Zero);
        Accept(200, times: 50);
        Refuse(201, delay: 99);

        Assert.That(_ledger.WaitFor(300), Is.Zero);
        Accept(300, times: 50);
        Assert.That(_ledger.WaitFor(301), Is.EqualTo(24).Within(1e-6), "a quarter of the next window");
    }

    [Test]
    public void OnAccepted_SpentWindowTakesHalfAsManyAgain_IsNoWindow()
    {
        var now = Known() + 10;
        Assert.That(_ledger.WaitFor(now), Is.Zero);
        Accept(now, times: 10);
        for (var i = 1; i < 10; i++)
        {
            _ledger.OnSend();
            Assert.That(_ledger.OnAccepted(now + 1), $"{i} more");
        }

        _ledger.OnSend();
        Assert.That(_ledger.OnAccepted(now + 1), Is.False);
    }

    [Test]
    public void Count_LimitGrew_GrowsWithIt()
    {
        var run = new WindowRun(_ledger);
        run.RunUntil(30);

        run.Count = 60;
        run.RunUntil(30 + (16 * 3));

        Assert.That(_ledger.Count, Is.EqualTo(60));
    }

    [Test]
    public void Count_LimitSank_SinksAtTheFirstRefusal()
    {
        var run = new WindowRun(_ledger);
        run.RunUntil(30);
        run.Refusals.Clear();

        run.Count = 20;
        run.RunUntil(60);

        Assert.That(_ledger.Count, Is.EqualTo(20));
        Assert.That(run.Refusals, Has.Count.LessThanOrEqualTo(3));
    }

    [Test]
    public void OnRefused_TwoWindowsOfLessThanHalf_FitsNoWindow()
    {
        var now = Known();
        Accept(now, times: 4);
        Assert.That(Refuse(now + 1, delay: 9), "once may be an accident");
        Assert.That(_ledger.Count, Is.EqualTo(10));

        _ledger.Open(now + 10, pause: 9);
        Assert.That(Refuse(now + 11, delay: 9), Is.False);
    }

    [Test]
    public void OnRefused_AGoodWindowBetween_StillFits()
    {
        var now = Known();
        Accept(now, times: 4);
        Refuse(now + 1, delay: 9);
        _ledger.Open(now + 10, pause: 9);
        Accept(now + 10, times: 6);
        Assert.That(Refuse(now + 11, delay: 9));

        _ledger.Open(now + 20, pause: 9);
        Assert.That(Refuse(now + 21, delay: 9), "this is the first again");
    }

    [Test]
    public void Forget_Window_LimitsNothing()
    {
        var now = Known();
        Accept(now, times: 10);

        _ledger.Forget(now);

        Assert.That(_ledger.IsActive, Is.False);
        Assert.That(_ledger.Length, Is.Zero);
        Assert.That(_ledger.WaitFor(now), Is.Zero);
    }

    [TestCase(10.0)]
    [TestCase(60.0)]
    public void Open_NoEndIsNamed_LearnsTheLengthByProbes(double length)
    {
        var run = new WindowRun(_ledger, hint: false) { Length = length };
        run.RunUntil(6 * length);

        Assert.That(_ledger.Count, Is.EqualTo(30));
        Assert.That(_ledger.Length, Is.EqualTo(length).Within(2).Percent);
        run.Acceptances.Clear();
        run.RunUntil(46 * length);
        Assert.That(run.Acceptances, Has.Count.GreaterThan(38 * 30));
    }

    [Test]
    public void OnRefused_NothingAcceptedInTheWindow_RelearnsTheLength()
    {
        var run = new WindowRun(_ledger);
        run.RunUntil(30);
        Assert.That(_ledger.Length, Is.EqualTo(3));

        run.Length = 5;
        run.RunUntil(90);

        Assert.That(_ledger.Length, Is.EqualTo(5));
        Assert.That(_ledger.Count, Is.EqualTo(30));
        run.Refusals.Clear();
        run.RunUntil(290);
        Assert.That(run.Refusals, Has.Count.InRange(4, 6));
    }

    [Test]
    public void OnRefused_SentBeforeTheWindowBegan_ChangesNothing()
    {
        var now = Known();
        Accept(now, times: 3);

        Assert.That(_ledger.OnRefused(sentAt: now - 1, now, delay: 30));

        Assert.That(_ledger.Count, Is.EqualTo(10));
        Assert.That(_ledger.WaitFor(now), Is.Zero);
    }

    [Test]
    public void OnRefused_SecondOfAFlight_CountsOnce()
    {
        var now = Known();
        Accept(now, times: 4);
        _ledger.OnSend();
        _ledger.OnSend();

        Assert.That(_ledger.OnRefused(now, now + 1, delay: 9));
        Assert.That(_ledger.OnRefused(now, now + 1, delay: 9), "the same window is one misfit");

        Assert.That(_ledger.Count, Is.EqualTo(10));
    }

    [Test]
    public void OnAccepted_AnswersOvertakeEachOther_CountsBoth()
    {
        var now = Known();
        Accept(now, times: 7);
        _ledger.OnSend();
        _ledger.OnSend();

        _ledger.OnRefused(now, now + 1, delay: 9);
        Assert.That(_ledger.Count, Is.EqualTo(7));
        _ledger.OnAccepted(now);

        Assert.That(_ledger.Count, Is.EqualTo(8));
    }

    [Test]
    public void Begin_CountOfAcceptances_HasRoomForTheProbeAndTheRest()
    {
        _ledger.Begin(10, end: 10, doubt: 0, now: 10);
        _ledger.Open(10, pause: 5);
        for (var i = 1; i < 10; i++)
        {
            Assert.That(_ledger.WaitFor(10), Is.Zero, $"attempt {i} after the probe");
            _ledger.OnSend();
        }

        Assert.That(_ledger.WaitFor(10), Is.EqualTo(double.PositiveInfinity), "only an answer can tell");
    }

    [TestCase(0.0)]
    [TestCase(5e-10)]
    [TestCase(-5e-10)]
    public void WaitFor_WithinARoundingErrorOfTheEnd_RollsOnce(double early)
    {
        Known();
        var now = 20 - early;
        Assert.That(_ledger.WaitFor(now), Is.Zero);
        Accept(now, times: 10);

        Assert.That(_ledger.WaitFor(20), Is.EqualTo(10).Within(1e-6));
        Assert.That(_ledger.WaitFor(20.001), Is.EqualTo(9.999).Within(1e-6));
    }

    [Test]
    public void OnReturn_AnswerThatNeverComes_IsNotWaitedFor()
    {
        _ledger.Begin(10, end: 10, doubt: 0, now: 10);
        _ledger.Open(10, pause: 5);
        Accept(10, times: 8);
        _ledger.OnSend();
        Assert.That(_ledger.WaitFor(11), Is.EqualTo(double.PositiveInfinity));

        _ledger.OnReturn();

        Assert.That(_ledger.WaitFor(11), Is.Zero);
    }

    [Test]
    public void OnReturn_AfterTheAnswers_TakesNothingFromThem()
    {
        var now = Known();
        Accept(now, times: 10);

        _ledger.OnReturn();

        Assert.That(_ledger.WaitFor(now + 1), Is.EqualTo(9).Within(1e-9), "ten were taken");
    }

    [Test]
    public void WaitFor_CountOfOneAndUnknownLength_IsFinite()
    {
        _ledger.Begin(3, end: 10, doubt: 0, now: 10);
        _ledger.Open(10, pause: 5);
        Assert.That(Refuse(10.1, delay: 0), "one of three is half");

        _ledger.Open(12, pause: 1);

        Assert.That(_ledger.Count, Is.EqualTo(1));
        Assert.That(_ledger.WaitFor(12.1), Is.LessThan(double.PositiveInfinity));
    }

    /// <summary>
    /// Ends are known as late as they were named, here by half a second; a later refusal names one more exactly.
    /// </summary>
    [Test]
    public void Open_BeforeTheEndThatWasExpected_IsTheNewWindow()
    {
        _ledger.Begin(10, end: 10.5, doubt: 0, now: 10.5);
        _ledger.Open(10.5, pause: 5);
        Accept(10.5, times: 9);
        Refuse(11, delay: 9.5);
        _ledger.Open(20.5, pause: 9.5);
        Accept(20.5, times: 9);
        Refuse(22, delay: 9);
        Refuse(22.2, delay: 8);
        Assert.That((_ledger.Count, _ledger.Length), Is.EqualTo((10, 10)));

        _ledger.Open(30.2, pause: 8);
        Accept(30.2, times: 9);

        Assert.That(_ledger.WaitFor(30.6), Is.InRange(9, 10));
    }

    [Test]
    public void OnRefused_LittleTakenAndTheEndIsNear_SlidesAndIsNoMisfit()
    {
        var start = Known();
        for (var window = 0; window < 5; window++)
        {
            Accept(start, times: 2);
            Assert.That(Refuse(start, delay: 1), "the first two of the window before came before all others");

            start += 1;
            Assert.That(_ledger.WaitFor(start), Is.Zero);
            Accept(start, times: _ledger.Count);
            start += _ledger.WaitFor(start);
        }

        Assert.That(_ledger.Length, Is.EqualTo(10));
    }

    [Test]
    public void OnRefused_WindowSlides_LastsAsLongAsMostOfIt()
    {
        var start = Known();
        Refuse(start, delay: 1);
        start += 1;
        Assert.That(_ledger.WaitFor(start), Is.Zero);
        Accept(start, times: _ledger.Count);
        Refuse(start + 1, delay: 3);

        Assert.That(_ledger.WaitFor(start + 1), Is.EqualTo(9.1).Within(1e-9), "three seconds are those of the first");
    }

    /// <summary>Learns windows of 10 requests in 10 seconds.</summary>
    /// <returns>When the window begins whose requests come next.</returns>
    private double Known()
    {
        _ledger.Begin(10, end: 10, doubt: 0, now: 10);
        _ledger.Open(10, pause: 5);
        Accept(10, times: 9);
        Refuse(11, delay: 9);
        Assert.That((_ledger.Count, _ledger.Length), Is.EqualTo((10, 10)));
        Assert.That(_ledger.WaitFor(20), Is.Zero);
        return 20;
    }

    private int Spend(double now)
    {
        var sent = 0;
        for (; _ledger.WaitFor(now) == 0; sent++)
        {
            Accept(now);
        }

        return sent;
    }

    private void Accept(double now, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _ledger.OnSend();
            _ledger.OnAccepted(now);
        }
    }

    private bool Refuse(double now, double delay)
    {
        _ledger.OnSend();
        return _ledger.OnRefused(now, now, delay);
    }
}
