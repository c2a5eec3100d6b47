using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

[TestFixture]
internal sealed class ProbingControllerTests
{
    private const double RoundTrip = 0.05;

    private readonly ProbingController _controller = new();

    /// <summary>Whether callers wait all the time, so that the rate may grow.</summary>
    private bool _isBusy;
    private double _fillRate;

    /// <summary>The limiter may be awake because of 503s, while nothing is known of a rate yet.</summary>
    [Test]
    public void OnResponse_ThrottledWhileAwakeWithoutARate_StartsToSearch()
    {
        var controller = new ProbingController();

        var limits = controller.OnResponse(
            new SendReport(1, SendFeedback.Throttled, FillRate: 5) { SentAt = 0.5, BusyTime = 1 });

        Assert.That(limits.Rate, Is.GreaterThanOrEqualTo(1));
    }

    [Test]
    public void OnResponse_FirstRefusal_SearchesFromWhatWasAccepted()
    {
        Dormant(SendFeedback.Accepted, times: 40, now: 0);

        var limits = Dormant(SendFeedback.Throttled, times: 1, now: 0);

        Assert.That(limits.Rate, Is.EqualTo(40).Within(1e-9));
        Assert.That(limits.CloseFor, Is.Zero);
        Assert.That(limits.Debt, Is.Null);
        Assert.That(_controller.Kind, Is.EqualTo(LimitKind.Rate));
    }

    [Test]
    public void OnResponse_AcceptancesOfLongAgo_CountForLittle()
    {
        Dormant(SendFeedback.Accepted, times: 40, now: 0);

        Assert.That(Dormant(SendFeedback.Throttled, times: 1, now: 60).Rate, Is.EqualTo(1));
    }

    [Test]
    public void OnResponse_WholeFirstFlightIsRefused_ChangesNothing()
    {
        Dormant(SendFeedback.Accepted, times: 20, now: 0);
        Dormant(SendFeedback.Throttled, times: 1, now: 0);

        for (var i = 0; i < 44; i++)
        {
            var limits = Throttle(now: 0.001 * i, sentAt: double.NegativeInfinity);
            Assert.That((limits.Rate, limits.CloseFor, limits.Debt), Is.EqualTo((20.0, 0.0, default(double?))));
        }
    }

    [Test]
    public void OnResponse_FirstFlightIsAcceptedLate_RaisesTheStart()
    {
        Dormant(SendFeedback.Throttled, times: 1, now: 0);

        SendLimits limits = default;
        for (var i = 0; i < 20; i++)
        {
            limits = Accept(now: 0, sentAt: double.NegativeInfinity);
        }

        Assert.That(limits.Rate, Is.EqualTo(20).Within(1e-9));
    }

    [Test]
    public void OnResponse_RefusedAfterTheCut_CutsOnceAndOwesTheReserve()
    {
        Awake(40);
        AcceptSteadily(from: 0.1, count: 30, rate: 30);

        var limits = Throttle(now: 1.1, sentAt: 1.05);

        Assert.That(limits.Rate, Is.EqualTo(30).Within(12).Percent);
        Assert.That(limits.Debt, Is.EqualTo(0.01 * limits.Rate).Within(1e-9));
        Assert.That(limits.CloseFor, Is.Zero);
    }

    [Test]
    public void OnResponse_RefusalsOfAttemptsSentBeforeTheCut_ChangeNothing()
    {
        Awake(40);
        AcceptSteadily(from: 0.1, count: 30, rate: 30);
        var cut = Throttle(now: 1.1, sentAt: 1.05);

        for (var i = 0; i < 20; i++)
        {
            var late = Throttle(now: 1.1 + (0.001 * i), sentAt: 1.09);
            Assert.That((late.Rate, late.CloseFor, late.Debt), Is.EqualTo((cut.Rate, 0.0, default(double?))));
        }
    }

    [Test]
    public void OnResponse_AcceptancesOfAttemptsSentBeforeTheCut_DoNotGrowTheRate()
    {
        Awake(40);
        AcceptSteadily(from: 0.1, count: 30, rate: 30);
        var cut = Throttle(now: 1.1, sentAt: 1.05);

        _isBusy = true;

        Assert.That(Accept(now: 5, sentAt: 1.09).Rate, Is.EqualTo(cut.Rate));
        Assert.That(Accept(now: 10, sentAt: 9.9).Rate, Is.GreaterThan(cut.Rate), "one that was sent since does");
    }

    /// <summary>
    /// The bucket is empty, and gives to one and not to the other: of the flight that was refused something was
    /// accepted after the refusal, so that another one is no closed door.
    /// </summary>
    [TestCase(1.06, true, Description = "may have overtaken the one that was refused")]
    [TestCase(1.08, false)]
    public void OnResponse_RefusedWithOfTheFlightBeforeSomethingAccepted_DoesNotCloseTheGate(double sentAt, bool closes)
    {
        Awake(40);
        AcceptSteadily(from: 0.1, count: 30, rate: 30);
        Throttle(now: 1.1, sentAt: 1.05);
        Accept(now: sentAt + RoundTrip, sentAt);

        var limits = Throttle(now: 1.16, sentAt: 1.11);

        Assert.That(limits.CloseFor > 0, Is.EqualTo(closes));
    }

    [Test]
    public void OnResponse_RefusedWithNothingAcceptedSinceTheCut_ClosesTheGateWithGrowingPauses()
    {
        var now = Cut();
        var pauses = new List<double>();
        for (var i = 0; i < 12; i++)
        {
            pauses.Add(Throttle(now + RoundTrip, sentAt: now).CloseFor);
            now += RoundTrip + pauses[^1];
        }

        Assert.That(pauses[0], Is.InRange(2 * RoundTrip, 1));
        for (var i = 1; i < 4; i++)
        {
            Assert.That(pauses[i] / pauses[i - 1], Is.EqualTo(2).Within(1e-6));
        }

        Assert.That(pauses, Is.Ordered);
        Assert.That(pauses[^1], Is.EqualTo(10));
    }

    [Test]
    public void OnResponse_RefusedWithNothingAcceptedSinceTheCut_KeepsTheRateOfBeforeTheCut()
    {
        Awake(40);
        AcceptSteadily(from: 0.1, count: 30, rate: 30);
        var before = Accept(now: 1.1, sentAt: 1.05).Rate;
        Assert.That(Throttle(now: 1.1, sentAt: 1.05).Rate, Is.LessThan(before));

        Assert.That(Throttle(now: 1.2, sentAt: 1.15).Rate, Is.EqualTo(before));
    }

    [TestCase(2.0, true)]
    [TestCase(7.0, true)]
    [TestCase(1.0, false, Description = "the rest of a second is named so, and what is left in 5 ms")]
    [TestCase(0.5, false, Description = "less than a header can say: that is no end of a window")]
    public void OnResponse_GateClosesAndTheServerNamesADelay_ClosesForThat(double delay, bool isKept)
    {
        var now = Cut();

        var limits = Throttle(now + RoundTrip, sentAt: now, delay);

        Assert.That(limits.CloseFor == delay, Is.EqualTo(isKept), $"closes for {limits.CloseFor} s");
    }

    [Test]
    public void OnResponse_RefusedAfterAnAcceptance_LeavesTheGateOpen()
    {
        var now = Cut();
        Accept(now + RoundTrip, sentAt: now);

        Assert.That(Throttle(now + 0.1, sentAt: now + 0.05).CloseFor, Is.Zero);
    }

    [Test]
    public void OnResponse_AcceptanceOpensTheGate_StartsThePausesAnew()
    {
        var now = Cut();
        var first = Throttle(now + RoundTrip, sentAt: now).CloseFor;
        now += RoundTrip + first;
        Throttle(now + RoundTrip, sentAt: now);
        now += RoundTrip + (2 * first);

        Open(now + RoundTrip, sentAt: now);
        Throttle(now + 0.2, sentAt: now + 0.1);

        Assert.That(Throttle(now + 0.4, sentAt: now + 0.3).CloseFor, Is.LessThan(2.5 * first));
    }

    [Test]
    public void OnResponse_EndOfAWindowWasNamedAndHasCome_CountsInsteadOfPacing()
    {
        var now = CutWithHint(delay: 3);
        Assert.That(_controller.Kind, Is.EqualTo(LimitKind.Rate));

        var limits = Open(now + 3 + RoundTrip, sentAt: now + 3);

        Assert.That(limits.IsUnpaced);
        Assert.That(_controller.Kind, Is.EqualTo(LimitKind.Window));
    }

    [Test]
    public void OnResponse_HintsOfASecond_AreNoEndOfAWindow()
    {
        // A token bucket that has a token in 5 ms says 1 as well: nothing is shorter.
        var now = CutWithHint(delay: 1);

        var limits = Accept(now + 1.1, sentAt: now + 1.05);

        Assert.That(limits.IsUnpaced, Is.False);
        Assert.That(_controller.Kind, Is.EqualTo(LimitKind.Rate));
    }

    [Test]
    public void WaitFor_WindowSpent_WaitsAndReturnedAttemptsLeaveTheirPlace()
    {
        var now = CutWithHint(delay: 30);
        now += 30;
        Open(now + RoundTrip, sentAt: now);
        var sent = 0;
        for (; _controller.WaitFor(now) == 0; sent++)
        {
            _controller.OnSend();
        }

        Assert.That(sent, Is.EqualTo(69), "the 40 of the first flight and the 30 that came after, less the probe");
        _controller.OnReturn();
        Assert.That(_controller.WaitFor(now), Is.Zero);
    }

    [Test]
    public void OnResponse_TwoWindowsFitNot_SearchesARateAgain()
    {
        var now = CutWithHint(delay: 10) + 10;
        Open(now + RoundTrip, sentAt: now);
        for (var i = 0; i < 2; i++)
        {
            Assert.That(_controller.Kind, Is.EqualTo(LimitKind.Window));
            for (var j = 0; j < (i == 0 ? 20 : 5); j++)
            {
                _controller.OnSend();
                Accept(now + (2 * RoundTrip), sentAt: now + RoundTrip);
            }

            _controller.OnSend();
            Throttle(now + (2 * RoundTrip), sentAt: now + RoundTrip, delay: 10);
            now += 10 + (2 * RoundTrip);
            if (i == 0)
            {
                _controller.OnSend();
                Open(now + RoundTrip, sentAt: now);
            }
        }

        Assert.That(_controller.Kind, Is.EqualTo(LimitKind.Rate));
        Assert.That(Accept(now, sentAt: now - RoundTrip).IsUnpaced, Is.False);
    }

    [Test]
    public void OnResponse_FailedAnswers_ChangeNoRate()
    {
        Awake(40);
        AcceptSteadily(from: 0.1, count: 30, rate: 30);
        var before = Throttle(now: 1.1, sentAt: 1.05).Rate;

        for (var i = 0; i < 100; i++)
        {
            var limits = Respond(SendFeedback.Failed, now: 2 + (0.1 * i), sentAt: 1.9 + (0.1 * i));
            Assert.That((limits.Rate, limits.CloseFor), Is.EqualTo((before, 0.0)));
        }
    }

    [Test]
    public void OnResponse_UnnamedClosures_AreAWindowAtTheSecondOfLikeSize()
    {
        var now = CloseForLong(Cut());
        Assert.That(_controller.Kind, Is.EqualTo(LimitKind.Rate), "one may be an outage");

        AcceptSteadily(from: now, count: 69, rate: 30);
        now += 69 / 30.0;
        Throttle(now + RoundTrip, sentAt: now);
        CloseForLong(now + 0.1);

        Assert.That(_controller.Kind, Is.EqualTo(LimitKind.Window));
    }

    [Test]
    public void OnResponse_UnnamedClosuresOfOtherSize_AreNoWindow()
    {
        var now = CloseForLong(Cut());

        AcceptSteadily(from: now, count: 20, rate: 30);
        now += 20 / 30.0;
        Throttle(now + RoundTrip, sentAt: now);
        CloseForLong(now + 0.1);

        Assert.That(_controller.Kind, Is.EqualTo(LimitKind.Rate));
    }

    [Test]
    public void OnResponse_FailedAnswersInAWindow_AreNotWaitedFor()
    {
        var now = CutWithHint(delay: 30) + 30;
        Open(now + RoundTrip, sentAt: now);
        for (var i = 0; i < 69; i++)
        {
            _controller.OnSend();
        }

        Assert.That(_controller.WaitFor(now + 1), Is.EqualTo(double.PositiveInfinity));
        for (var i = 0; i < 69; i++)
        {
            Respond(i % 2 == 0 ? SendFeedback.Failed : SendFeedback.Accepted, now + 1, sentAt: now + 0.5);
        }

        Assert.That(_controller.WaitFor(now + 1), Is.Zero);
    }

    /// <summary>One answer that hangs held all later callers, and each minute let one of them go.</summary>
    [Test]
    public void OnOverdue_AnswerInAWindowHangs_IsWrittenOff()
    {
        var now = CutWithHint(delay: 30) + 30;
        Open(now + RoundTrip, sentAt: now);
        for (var i = 0; i < 69; i++)
        {
            _controller.OnSend();
        }

        for (var i = 0; i < 68; i++)
        {
            Respond(SendFeedback.Accepted, now + 1, sentAt: now + 0.5);
        }

        Assert.That(_controller.WaitFor(now + 61), Is.EqualTo(double.PositiveInfinity));

        _controller.OnOverdue(now + 61);
        for (var i = 0; i < 10; i++)
        {
            Assert.That(_controller.WaitFor(now + 61), Is.Zero);
            _controller.OnSend();
        }
    }

    [Test]
    public void OnResponse_Bare503InAWindow_IsNotWaitedFor()
    {
        var now = CutWithHint(delay: 30) + 30;
        Open(now + RoundTrip, sentAt: now);
        for (var i = 0; i < 69; i++)
        {
            _controller.OnSend();
        }

        for (var i = 0; i < 69; i++)
        {
            Respond(i == 40 ? SendFeedback.Unavailable : SendFeedback.Accepted, now + 1, sentAt: now + 0.5);
        }

        Assert.That(_controller.WaitFor(now + 100), Is.LessThan(double.PositiveInfinity));
    }

    [Test]
    public void OnResponse_429ThatSpeaksOfConcurrency_BoundsWhatIsInFlight()
    {
        _controller.OnResponse(new SendReport(0, SendFeedback.Crowded) { InFlight = 20 });

        var limits = default(SendLimits);
        for (var i = 0; i < 19; i++)
        {
            limits = _controller.OnResponse(
                new SendReport(0.1, SendFeedback.Accepted) { InFlight = 19 - i, FillRate = 1 });
        }

        Assert.That(_controller.Kind, Is.EqualTo(LimitKind.Concurrency));
        Assert.That((limits.MaxInFlight, limits.IsUnpaced), Is.EqualTo((19.0, true)));
    }

    /// <summary>Two limits at a time are too many: the one that was not named is found by its refusals.</summary>
    [TestCase(SendFeedback.Crowded, LimitKind.Rate)]
    [TestCase(SendFeedback.Unavailable, LimitKind.Concurrency)]
    public void OnResponse_429ThatDoesNotSpeakOfConcurrency_IsAnotherLimitThanANamedOne(
        SendFeedback sign, LimitKind expected)
    {
        for (var i = 0; i < 10; i++)
        {
            _controller.OnResponse(new SendReport(0, sign) { InFlight = 40 - i });
        }

        for (var i = 0; i < 19; i++)
        {
            _controller.OnResponse(new SendReport(0.1, SendFeedback.Accepted) { InFlight = 19 - i, FillRate = 1 });
        }

        Assert.That(_controller.Kind, Is.EqualTo(LimitKind.Concurrency));

        var limits = _controller.OnResponse(
            new SendReport(0.2, SendFeedback.Throttled) { SentAt = 0.1, FillRate = 1, InFlight = 5 });

        Assert.That(_controller.Kind, Is.EqualTo(expected));
        Assert.That(limits.IsUnpaced, Is.EqualTo(expected == LimitKind.Concurrency));
    }

    /// <summary>Nobody else was on the way, so it can't be what it says: a rate is looked for.</summary>
    [Test]
    public void OnResponse_429ThatSpeaksOfConcurrencyToOneAlone_IsThatOfARate()
    {
        var limits = _controller.OnResponse(new SendReport(0, SendFeedback.Crowded));

        Assert.That(limits.IsUnpaced, Is.False);
        Assert.That(limits.Rate, Is.GreaterThan(0));
    }

    /// <summary>The limiter wakes up for the 503, at no rate: the first 429 is not the one that wakes it.</summary>
    [Test]
    public void OnResponse_FirstRefusalAfterABare503_SearchesFromWhatWasAccepted()
    {
        _controller.OnResponse(new SendReport(0, SendFeedback.Unavailable) { InFlight = 3 });
        for (var i = 0; i < 40; i++)
        {
            Accept(now: 0.1, sentAt: 0.05);
        }

        var limits = Throttle(now: 0.1, sentAt: 0.05);

        Assert.That(limits.Rate, Is.EqualTo(40).Within(5).Percent);
        Assert.That(limits.CloseFor, Is.Zero);
        for (var i = 0; i < 20; i++)
        {
            Accept(now: 1 + (0.025 * i), sentAt: 0.95 + (0.025 * i));
        }

        Assert.That(Throttle(now: 1.5, sentAt: 1.45).Rate, Is.GreaterThan(0));
    }

    [TestCase(10.0, 1.2)]
    [TestCase(1_000.0, 21.0)]
    public void OnResponse_Paced_LeavesRoomForABurstOfTwentyMilliseconds(double rate, double expected)
    {
        Awake((int)rate);

        Assert.That(Throttle(now: 0, sentAt: double.NegativeInfinity).Capacity, Is.EqualTo(expected).Within(1e-9));
    }

    /// <summary>Wakes the controller up at 0.</summary>
    private void Awake(int accepted)
    {
        Dormant(SendFeedback.Accepted, accepted, now: 0);
        Dormant(SendFeedback.Throttled, times: 1, now: 0);
    }

    private void AcceptSteadily(double from, int count, double rate)
    {
        for (var i = 0; i < count; i++)
        {
            Accept(from + (i / rate), sentAt: from + (i / rate) - RoundTrip);
        }
    }

    /// <summary>Refuses three probes, and accepts the fourth after two seconds.</summary>
    private double CloseForLong(double now)
    {
        foreach (var pause in new[] { 0.0, 0.7, 1.4 })
        {
            Throttle(now + pause + RoundTrip, sentAt: now + pause);
        }

        Open(now + 2 + RoundTrip, sentAt: now + 2);
        return now + 2.1;
    }

    /// <summary>Cuts a rate of 30/s.</summary>
    /// <returns>A time at which nothing was accepted since.</returns>
    private double Cut() => CutWithHint(delay: 0);

    private double CutWithHint(double delay)
    {
        Awake(40);
        AcceptSteadily(from: 0.1, count: 30, rate: 30);
        Throttle(now: 1.1, sentAt: 1.05, delay);
        return 1.2;
    }

    private SendLimits Dormant(SendFeedback feedback, int times, double now)
    {
        SendLimits limits = default;
        for (var i = 0; i < times; i++)
        {
            limits = _controller.OnResponse(new SendReport(now, feedback));
        }

        _fillRate = limits.Rate;

        return limits;
    }

    private SendLimits Accept(double now, double sentAt) => Respond(SendFeedback.Accepted, now, sentAt);

    private SendLimits Open(double now, double sentAt) =>
        Respond(SendFeedback.Accepted, now, sentAt, opensGate: true);

    private SendLimits Throttle(double now, double sentAt, double delay = 0) =>
        Respond(SendFeedback.Throttled, now, sentAt, delay);

    /// <summary>Reports an answer while the limiter is awake.</summary>
    private SendLimits Respond(
        SendFeedback feedback, double now, double sentAt, double delay = 0, bool opensGate = false)
    {
        var limits = _controller.OnResponse(new SendReport(now, feedback, FillRate: _fillRate)
        {
            SentAt = sentAt,
            ServerDelay = delay,
            BusyTime = _isBusy ? now : 0,
            OpensGate = opensGate,
        });
        _fillRate = limits.Rate;
        return limits;
    }
}
