using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

[TestFixture]
internal sealed class PublishedBudgetControllerTests
{
    private readonly StubController _other = new() { Limits = new SendLimits(7) };
    private readonly PublishedBudgetController _controller;

    private double _now;

    public PublishedBudgetControllerTests() => _controller = new PublishedBudgetController(_other);

    [Test]
    public void OnResponse_NothingPublished_IsTheOthersMatter()
    {
        var limits = Answer(reading: null, fillRate: 5);

        Assert.That((limits.Rate, limits.IsPublished), Is.EqualTo((7.0, false)));
        Assert.That(_controller.Kind, Is.EqualTo(_other.Kind));
        Assert.That(_other.Reports[^1].FillRate, Is.EqualTo(5));
        Assert.That(_controller.MostWhileDormant, Is.EqualTo(double.PositiveInfinity));
        _other.Wait = 3;
        Assert.That(_controller.WaitFor(_now), Is.EqualTo(3));
    }

    [Test]
    public void OnResponse_GenerousBudget_LeavesTheLimiterDormant()
    {
        for (var i = 0; i < 100; i++)
        {
            _now += 0.01;
            Assert.That(Answer(new BudgetReading(5000 - i, 3600 - _now)).IsPublished, Is.False, $"answer {i}");
        }

        Assert.That(_controller.MostWhileDormant, Is.EqualTo(4901 / 2.0), "but not for any crowd");
    }

    /// <summary>The search of an API has its own, small budget: used up, it is no reason to stop everything else.</summary>
    [Test]
    public void OnResponse_AnotherBudgetIsUsedUp_DoesNotSetThePace()
    {
        Answer(new BudgetReading(4990, 3600) { Limit = 5000 });

        var limits = Answer(new BudgetReading(0, 45) { Limit = 30 });

        Assert.That(limits.IsPublished, Is.False);
        Assert.That(_controller.MostWhileDormant, Is.EqualTo(double.PositiveInfinity), "nor do calls that come at once");
    }

    [Test]
    public void OnResponse_BudgetWouldRunOut_IsFollowed()
    {
        Follow();

        Assert.That(_controller.Kind, Is.EqualTo(LimitKind.PublishedBudget));
        _other.Wait = 3;
        Assert.That(_controller.WaitFor(_now), Is.Zero, "the other does not decide");
    }

    [Test]
    public void OnResponse_Followed_TheOtherSeesADormantLimiter()
    {
        Follow();

        Answer(new BudgetReading(80, 50), sentAt: _now - 0.1, fillRate: 1.5);

        var report = _other.Reports[^1];
        Assert.That((report.FillRate, report.SentAt), Is.EqualTo((default(double?), double.NegativeInfinity)));
        Assert.That(report.Feedback, Is.EqualTo(SendFeedback.Accepted));
    }

    [Test]
    public void OnCrowd_MoreThanRemains_IsFollowed()
    {
        Answer(new BudgetReading(19, 60));
        Assert.That(_controller.Kind, Is.EqualTo(_other.Kind));

        var limits = _controller.OnCrowd(inFlight: 9, _now);

        Assert.That(limits.Rate, Is.EqualTo(10 / 60.0).Within(1e-9));
        Assert.That(limits.IsPublished);
        Assert.That(_controller.Kind, Is.EqualTo(LimitKind.PublishedBudget));
    }

    [Test]
    public void OnResponse_RefusedWithNothingLeft_StaysFollowedAndCloses()
    {
        Follow();

        var limits = Refuse(new BudgetReading(0, 40));

        Assert.That((limits.IsPublished, limits.CloseFor), Is.EqualTo((true, 40.0)));
        Assert.That(_other.Reports[^1].Feedback, Is.EqualTo(SendFeedback.Failed), "no refusal for the other");
    }

    [TestCase(3, 40, 3, Description = "Retry-After wins over the reset")]
    [TestCase(0, 40, 40)]
    [TestCase(0, 0, 1, Description = "a reset of now, which is no instant to come back at")]
    public void OnResponse_RefusedWithADelay_ClosesForIt(double delay, double resetIn, double closeFor)
    {
        Follow();

        Assert.That(Refuse(new BudgetReading(0, resetIn), delay: delay).CloseFor, Is.EqualTo(closeFor));
    }

    [Test]
    public void OnResponse_RefusedAlthoughSomethingRemains_HandsOverToTheOther()
    {
        Follow();

        var limits = Refuse(new BudgetReading(70, 40));

        AssertHandedOver(limits);
        Assert.That(_controller.MostWhileDormant, Is.EqualTo(double.PositiveInfinity));
    }

    [Test]
    public void OnResponse_RefusedWithoutAReading_HandsOverToTheOther()
    {
        Follow();

        AssertHandedOver(Refuse(reading: null));
    }

    [Test]
    public void OnResponse_RefusedWhatWasSentBeforeTheBudgetWasKnown_StaysFollowed()
    {
        Follow();

        Assert.That(Refuse(reading: null, sentAt: double.NegativeInfinity).IsPublished);
        Assert.That(Refuse(reading: null, sentAt: _now - 100).IsPublished);
    }

    [Test]
    public void OnResponse_OthersCauseManyRefusals_HandsOverToTheOther()
    {
        Follow();
        for (var i = 0; i < 100; i++)
        {
            _now += 0.1;
            Answer(new BudgetReading(50, 30), sentAt: _now - 0.05, fillRate: 1);
        }

        for (var i = 0; i < 5; i++)
        {
            Assert.That(Refuse(new BudgetReading(0, 30)).IsPublished, $"refusal {i}");
        }

        AssertHandedOver(Refuse(new BudgetReading(0, 30)));
    }

    [Test]
    public void OnResponse_HeadersVanish_HandsOverToTheOther()
    {
        Follow();
        for (var i = 0; i < 9; i++)
        {
            Assert.That(Answer(reading: null, fillRate: 1).IsPublished, $"answer {i}");
        }

        AssertHandedOver(Answer(reading: null, fillRate: 1));
    }

    [Test]
    public void OnResponse_HeadersOnSomeAnswersOnly_StaysFollowed()
    {
        Follow();
        for (var i = 0; i < 100; i++)
        {
            var reading = i % 8 == 0 ? new BudgetReading(80, 50) : default(BudgetReading?);
            Assert.That(Answer(reading, fillRate: 1).IsPublished, $"answer {i}");
        }
    }

    [Test]
    public void OnResponse_NeverFalls_HandsOverToTheOther()
    {
        Follow();
        var limits = default(SendLimits);
        for (var i = 0; i < 40 && _controller.Kind == LimitKind.PublishedBudget; i++)
        {
            _now += 0.1;
            limits = Answer(new BudgetReading(80, 50 - (0.1 * i)), sentAt: _now - 0.05, fillRate: 1);
        }

        AssertHandedOver(limits);
    }

    private static IEnumerable<BudgetReading> OtherBudgets() =>
    [
        new BudgetReading(80, 50) { Limit = 100, Scope = "search" },
        new BudgetReading(80, 50) { Limit = 5000, Scope = "core" },
        new BudgetReading(80, 50) { Limit = 100, Window = 3600, Scope = "core" },
        new BudgetReading(80, 50) { Limit = 100, Scope = "core", IsOfOtherUnits = true },
        new BudgetReading(101, 50) { Limit = 100, Scope = "core" },
        new BudgetReading(double.NaN, 50) { Limit = 100, Scope = "core" },
        new BudgetReading(80, double.NaN) { Limit = 100, Scope = "core" },
        new BudgetReading(-1, 50) { Limit = 100, Scope = "core" },
    ];

    [TestCaseSource(nameof(OtherBudgets))]
    public void OnResponse_AnotherBudgetOrAbsurdNumbers_HandsOverToTheOther(object other)
    {
        Follow(new BudgetReading(99, 60) { Limit = 100, Window = 60, Scope = "core" });

        AssertHandedOver(Answer((BudgetReading)other, fillRate: 1));
    }

    [Test]
    public void OnResponse_HandedOver_LooksAgainAfterAMinuteAndThenAfterTwo()
    {
        foreach (var minutes in new[] { 1, 2, 4 })
        {
            Follow();
            AssertHandedOver(Refuse(new BudgetReading(70, 40)));

            _now += (60 * minutes) - 1;
            Answer(new BudgetReading(0, 60), fillRate: 1);
            Assert.That(_controller.Kind, Is.EqualTo(_other.Kind), $"before {minutes} minutes");
            _now += 1;
        }
    }

    [Test]
    public void OnResponse_LimiterHasGoneDormant_FollowsNoMore()
    {
        Follow();

        Answer(new BudgetReading(4000, 3), fillRate: null, sentAt: _now);

        Assert.That(_controller.Kind, Is.EqualTo(_other.Kind));
        Assert.That(_other.Reports[^1].Feedback, Is.EqualTo(SendFeedback.Accepted), "nothing to wake up for");
    }

    [Test]
    public void OnResponse_UpstreamIsOverloaded_TheOtherLimitsWhatIsInFlight()
    {
        Follow();
        _other.Limits = new SendLimits(7) { MaxInFlight = 3, IsWanted = true };

        var limits = Answer(new BudgetReading(80, 50), fillRate: 1, sentAt: _now, feedback: SendFeedback.Unavailable);

        Assert.That(limits.MaxInFlight, Is.EqualTo(3));
        Assert.That(_controller.Kind, Is.EqualTo(_other.Kind));
        _other.Wait = 0.5;
        Assert.That(_controller.WaitFor(_now), Is.EqualTo(0.5));
        Answer(new BudgetReading(80, 50), fillRate: 1, sentAt: _now);
        Assert.That(_other.Reports[^1].SentAt, Is.EqualTo(_now), "it needs the truth now");
    }

    /// <summary>A budget of 80 does not say how many may be on their way.</summary>
    [Test]
    public void OnResponse_TooManyAtOnceWithSomethingLeft_IsNoReasonToDoubtTheBudget()
    {
        Follow();
        _other.Limits = new SendLimits(7) { MaxInFlight = 3, IsWanted = true };

        var limits = Answer(new BudgetReading(80, 50), fillRate: 1, sentAt: _now, feedback: SendFeedback.Crowded);

        Assert.That(limits.MaxInFlight, Is.EqualTo(3));
        Assert.That(_other.Reports[^1].Feedback, Is.EqualTo(SendFeedback.Crowded), "which knows what to do about it");
        _other.Limits = new SendLimits(7);
        Answer(new BudgetReading(79, 50), fillRate: 1, sentAt: _now);
        Assert.That(_controller.Kind, Is.EqualTo(LimitKind.PublishedBudget));
    }

    /// <summary>Nobody else was on the way, say: then something else than the budget refuses.</summary>
    [Test]
    public void OnResponse_TooManyAtOnceThatTheOtherTakesForARate_IsAReasonToDoubtTheBudget()
    {
        Follow();
        _other.Limits = new SendLimits(7);

        var limits = Answer(new BudgetReading(80, 50), fillRate: 1, sentAt: _now, feedback: SendFeedback.Crowded);

        Assert.That(limits.Rate, Is.EqualTo(7));
        Assert.That(_controller.Kind, Is.EqualTo(_other.Kind));
    }

    [Test]
    public void OnResponse_TooManyAtOnceWithNothingLeft_WaitsForTheReset()
    {
        Follow();
        _other.Limits = new SendLimits(7);

        Answer(new BudgetReading(0, 50), fillRate: 1, sentAt: _now, feedback: SendFeedback.Crowded);

        Assert.That(_controller.Kind, Is.EqualTo(LimitKind.PublishedBudget));
        Assert.That(_controller.WaitFor(_now), Is.GreaterThan(40));
    }

    [Test]
    public void OnSendAndOnReturn_AreToldToBoth()
    {
        Follow(new BudgetReading(2, 60));

        _controller.OnSend();
        _controller.OnSend();

        Assert.That((_other.Sent, _controller.WaitFor(_now)), Is.EqualTo((2, 60.0)));
        _controller.OnReturn();
        Assert.That((_other.Sent, _controller.WaitFor(_now)), Is.EqualTo((1, 0.0)));
    }

    /// <summary>Publishes what the first flight would use up; it lands at once.</summary>
    private void Follow(BudgetReading? reading = null)
    {
        _now += 1;
        var first = reading ?? new BudgetReading(99, 60) { Limit = 100 };
        Answer(first, inFlight: (int)first.Remaining);
        Answer(first, fillRate: 1);
        Assert.That(_controller.Kind, Is.EqualTo(LimitKind.PublishedBudget));
    }

    private void AssertHandedOver(SendLimits limits)
    {
        var report = _other.Reports[^1];
        Assert.That((limits.Rate, limits.IsPublished), Is.EqualTo((7.0, false)));
        Assert.That(_controller.Kind, Is.EqualTo(_other.Kind));
        Assert.That((report.IsThrottled, report.FillRate), Is.EqualTo((true, default(double?))), "it wakes up");
    }

    private SendLimits Refuse(BudgetReading? reading, double? sentAt = null, double delay = 0) =>
        Answer(reading, fillRate: 1, sentAt: sentAt ?? _now, feedback: SendFeedback.Throttled, delay: delay);

    private SendLimits Answer(
        BudgetReading? reading,
        double? fillRate = null,
        double sentAt = double.NegativeInfinity,
        SendFeedback feedback = SendFeedback.Accepted,
        int inFlight = 0,
        double delay = 0) =>
        _controller.OnResponse(new SendReport(_now, feedback, FillRate: fillRate)
        {
            SentAt = sentAt,
            InFlight = inFlight,
            ServerDelay = delay,
            Budget = reading,
        });
}
