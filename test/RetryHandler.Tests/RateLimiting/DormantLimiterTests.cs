using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

/// <summary>Before the upstream throttles, answers are only counted; what they say is known when it does.</summary>
[TestFixture]
[CancelAfter(30_000)]
internal sealed class DormantLimiterTests
{
    private readonly ManualTimeProvider _time = new();

    [TestCase(20, 2)]
    [TestCase(200, 0.5)]
    [TestCase(2_000, 3)]
    [TestCase(20_000, 1)]
    public void OnResponse_ThrottleAfterManySuccesses_KnowsTheirRate(int rate, double seconds)
    {
        var limiter = Limiter(new ProbingController());
        var reference = new AdaptiveTokenBucket(new SendRateSettings(), new ProbingController());
        for (var i = 1; i <= rate * seconds; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1.0 / rate));
            Succeed(limiter);
            reference.OnResponse(SendPermit.Free, default, 0, mayRest: true, _time.Elapsed.TotalSeconds);
        }

        Throttle(limiter);
        reference.OnResponse(
            SendPermit.Free, new SendResponse(SendFeedback.Throttled), 0, mayRest: true, _time.Elapsed.TotalSeconds);

        Assert.That(limiter.IsLimiting);
        Assert.That(limiter.State.FillRate, Is.EqualTo(reference.FillRate).Within(3).Percent);
    }

    [Test]
    public void OnResponse_ManySuccesses_AreAllToldWithTheFirstRefusal()
    {
        var controller = new StubController { NeedsEach = false };
        var limiter = Limiter(controller);
        for (var i = 0; i < 5_000; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(0.5));
            Succeed(limiter);
        }

        Assert.That(controller.Counted, Has.Count.LessThan(2_000), "together, not each by itself");

        Throttle(limiter);

        Assert.That(controller.Counted.Sum(static told => told.Count), Is.EqualTo(5_000));
        Assert.That(controller.Counted.Select(static told => told.At), Is.Ordered);
        Assert.That(controller.Reports, Has.Count.EqualTo(1));
    }

    /// <summary>
    /// A rate that was searched for in the night says nothing of the day: also if it is a 503, and no refusal, that
    /// wakes the limiter.
    /// </summary>
    [TestCase(SendFeedback.Throttled)]
    [TestCase(SendFeedback.Unavailable)]
    public void OnResponse_WokenUpLongAfterASearch_BeginsWithWhatIsAccepted(SendFeedback feedback)
    {
        var limiter = Limiter(new ProbingController());
        SucceedAt(limiter, perSecond: 5, count: 10);
        Throttle(limiter);
        _time.Advance(TimeSpan.FromMinutes(2));
        SucceedAt(limiter, perSecond: 3_000, count: 9_000);
        var permits = Enumerable.Range(0, 10).Select(_ => Pass(limiter)).ToList();
        limiter.OnResponse(permits[0], SendFeedback.Accepted);

        permits.Skip(1).Take(3).ToList().ForEach(permit => limiter.OnResponse(permit, feedback));

        Assert.That(limiter.IsLimiting);
        Assert.That(limiter.State.FillRate, Is.EqualTo(2_850).Within(5).Percent);
    }

    [Test]
    public void OnResponse_FewSuccesses_AreToldAtOnce()
    {
        var controller = new StubController { NeedsEach = false };
        var limiter = Limiter(controller);
        for (var i = 1; i <= 100; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            Succeed(limiter);
            Assert.That(controller.Counted, Has.Count.EqualTo(i));
            Assert.That(controller.Counted[^1], Is.EqualTo((1, _time.Elapsed.TotalSeconds)));
        }
    }

    [Test]
    public void OnResponse_ControllerNeedsEach_IsToldEach()
    {
        var controller = new StubController();
        var limiter = Limiter(controller);
        for (var i = 1; i <= 100; i++)
        {
            Succeed(limiter);
        }

        Assert.That(controller.Reports, Has.Count.EqualTo(100));
        Assert.That(controller.Counted, Is.Empty);
    }

    [Test]
    public void State_ManySuccesses_TellsTheMeasuredRate()
    {
        var limiter = Limiter(new ProbingController());
        for (var i = 0; i < 10_000; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Succeed(limiter);
        }

        Assert.That(limiter.State.MeasuredRate, Is.EqualTo(1_000).Within(5).Percent);
    }

    /// <summary>A concurrency limit shows itself by how many attempts are on their way when one is refused.</summary>
    [Test]
    public void OnResponse_Refusal_TellsHowManyAreInFlight()
    {
        var controller = new StubController { NeedsEach = false };
        var limiter = Limiter(controller);
        for (var i = 0; i < 300; i++)
        {
            Succeed(limiter);
        }

        var permits = Enumerable.Range(0, 5).Select(_ => Pass(limiter)).ToList();
        limiter.OnNoResponse(permits[0]);
        limiter.Return(permits[1]);

        limiter.OnResponse(permits[2], SendFeedback.Unavailable);

        Assert.That(controller.Reports[^1].InFlight, Is.EqualTo(2));
    }

    /// <summary>A healthy client never waits for a lock that somebody holds.</summary>
    [Test]
    [Slow]
    public async Task OnResponse_SomebodyHoldsTheLock_SuccessesPass()
    {
        using var controller = new BlockingController();
        var limiter = Limiter(controller);
        for (var i = 0; i < 1_000; i++)
        {
            Succeed(limiter);
        }

        var holder = Task.Run(() => limiter.OnResponse(Pass(limiter), SendFeedback.Failed));
        await controller.Entered;
        for (var i = 0; i < 100; i++)
        {
            Succeed(limiter);
        }

        Assert.That(holder.IsCompleted, Is.False);
        controller.Leave();
        await holder;
    }

    private static SendPermit Pass(SendRateLimiter limiter)
    {
        Assert.That(limiter.TryAcquire(out var permit));
        return permit;
    }

    private static void Succeed(SendRateLimiter limiter) => limiter.OnResponse(Pass(limiter), SendFeedback.Accepted);

    private void SucceedAt(SendRateLimiter limiter, double perSecond, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1 / perSecond));
            Succeed(limiter);
        }
    }

    private static void Throttle(SendRateLimiter limiter) => limiter.OnResponse(Pass(limiter), SendFeedback.Throttled);

    private SendRateLimiter Limiter(ISendRateController controller) =>
        new("test", new SendRateSettings(), controller, _time);

    private sealed class BlockingController : ISendRateController, IDisposable
    {
        private readonly TaskCompletionSource _entered = new();
        private readonly ManualResetEventSlim _mayLeave = new();

        public LimitKind Kind => LimitKind.Rate;

        public Task Entered => _entered.Task;

        public void Leave() => _mayLeave.Set();

        public void Dispose() => _mayLeave.Dispose();

        public SendLimits Begin(double rate, double now) => new(rate);

        public bool NeedsEachAttempt(bool isLimiting) => false;

        public double WaitFor(double now) => 0;

        public void OnSend()
        {
        }

        public void OnReturn()
        {
        }

        public void OnLost()
        {
        }

        public void OnAccepted(in CountedAcceptances accepted, double now)
        {
        }

        public SendLimits OnResponse(in SendReport report)
        {
            if (report.Feedback == SendFeedback.Failed)
            {
                _entered.SetResult();
                _mayLeave.Wait();
            }

            return new SendLimits(1);
        }
    }
}
