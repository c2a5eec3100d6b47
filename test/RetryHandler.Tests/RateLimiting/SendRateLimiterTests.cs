using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

[TestFixture]
[CancelAfter(30_000)]
internal sealed class SendRateLimiterTests
{
    private static readonly TimeSpan NoLimit = TimeSpan.MaxValue;

    private readonly ManualTimeProvider _time = new();

    [Test]
    public void AcquireAsync_NeverThrottled_CompletesAtOnceWithoutTimer()
    {
        var limiter = Limiter();
        for (var i = 0; i < 1_000; i++)
        {
            limiter.OnResponse(throttled: false);
            Assert.That(limiter.AcquireAsync(NoLimit, default).AsTask().IsCompletedSuccessfully);
        }

        Assert.That(limiter.IsLimiting, Is.False);
        Assert.That(_time.ActiveTimers, Is.Zero);
    }

    [Test]
    public void OnResponse_FirstThrottle_WakesTheLimiterUp()
    {
        var limiter = Limiter();

        Assert.That(limiter.OnResponse(throttled: true), Is.True);
        Assert.That(limiter.OnResponse(throttled: true), Is.False);
        Assert.That(limiter.IsLimiting);
        Assert.That(limiter.AcquireAsync(NoLimit, default).AsTask().IsCompleted, Is.False);
    }

    [Test]
    public async Task AcquireAsync_ManyWaiters_GrantsInOrderAtTheFillRate()
    {
        var limiter = ThrottledLimiter(rate: 10);
        var waiters = Enumerable.Range(0, 50).Select(_ => limiter.AcquireAsync(NoLimit, default).AsTask()).ToList();

        foreach (var (waiter, index) in waiters.Select((w, i) => (w, i)))
        {
            Assert.That(waiter.IsCompleted, Is.False, $"waiter {index} at {_time.Elapsed}");
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await waiter;
        }

        Assert.That(_time.ActiveTimers, Is.Zero, "no timer without a waiter");
    }

    [Test]
    public async Task AcquireAsync_CancelledWhileQueued_LeavesAtOnceWithTheCallersToken()
    {
        var limiter = ThrottledLimiter(rate: 1);
        using var cancellation = new CancellationTokenSource();
        var first = limiter.AcquireAsync(NoLimit, default).AsTask();
        var cancelled = limiter.AcquireAsync(NoLimit, cancellation.Token).AsTask();
        var last = limiter.AcquireAsync(NoLimit, default).AsTask();

        await cancellation.CancelAsync();

        var thrown = Assert.CatchAsync<OperationCanceledException>(() => cancelled);
        Assert.That(thrown!.CancellationToken, Is.EqualTo(cancellation.Token));
        Assert.That(limiter.State.Waiting, Is.EqualTo(2));
        _time.Advance(TimeSpan.FromSeconds(2));
        await first;
        await last;
    }

    [Test]
    public async Task AcquireAsync_HeadCancelled_TimePassedStillCountsForTheNext()
    {
        var limiter = ThrottledLimiter(rate: 1);
        using var cancellation = new CancellationTokenSource();
        var cancelled = limiter.AcquireAsync(NoLimit, cancellation.Token).AsTask();
        var next = limiter.AcquireAsync(NoLimit, default).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(900));

        await cancellation.CancelAsync();

        Assert.CatchAsync<OperationCanceledException>(() => cancelled);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        await next;
    }

    [Test]
    public void AcquireAsync_AllCancelled_LeavesNoTimer()
    {
        var limiter = ThrottledLimiter(rate: 1);
        using var cancellation = new CancellationTokenSource();
        var waiters = Enumerable.Range(0, 10)
            .Select(_ => limiter.AcquireAsync(NoLimit, cancellation.Token).AsTask()).ToList();

        cancellation.Cancel();

        Assert.CatchAsync<OperationCanceledException>(() => Task.WhenAll(waiters));
        Assert.That(_time.ActiveTimers, Is.Zero);
        Assert.That(limiter.State.Waiting, Is.Zero);
    }

    [Test]
    public void AcquireAsync_TokenCancelledBefore_Throws()
    {
        var limiter = ThrottledLimiter(rate: 1);

        Assert.CatchAsync<OperationCanceledException>(
            () => limiter.AcquireAsync(NoLimit, new CancellationToken(true)).AsTask());
        Assert.That(limiter.State.Waiting, Is.Zero);
    }

    [Test]
    public async Task AcquireAsync_ExpectedWaitAboveMaxWait_FailsAtOnce()
    {
        var limiter = ThrottledLimiter(rate: 1, maxWait: TimeSpan.FromSeconds(2));
        var waiters = new[]
        {
            limiter.AcquireAsync(NoLimit, default).AsTask(), limiter.AcquireAsync(NoLimit, default).AsTask(),
        };

        var thrown = Assert.ThrowsAsync<SendRateLimitedException>(
            () => limiter.AcquireAsync(NoLimit, default).AsTask());

        Assert.That(thrown!.ClientName, Is.EqualTo("test"));
        Assert.That(thrown.RetryAt, Is.EqualTo(_time.GetUtcNow() + TimeSpan.FromSeconds(3)));
        Assert.That(thrown, Is.InstanceOf<HttpRequestException>());
        _time.Advance(TimeSpan.FromSeconds(2));
        await Task.WhenAll(waiters);
    }

    [Test]
    public void AcquireAsync_RateFallsWhileQueued_FailsWhenMaxWaitHasPassed()
    {
        var limiter = ThrottledLimiter(rate: 1, maxWait: TimeSpan.FromSeconds(2), minRate: 0.1);
        var waiter = limiter.AcquireAsync(NoLimit, default).AsTask();
        limiter.OnResponse(throttled: true);
        Assert.That(limiter.State.FillRate, Is.EqualTo(0.1));

        _time.Advance(TimeSpan.FromSeconds(1.999));
        Assert.That(waiter.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromSeconds(0.001));

        Assert.ThrowsAsync<SendRateLimitedException>(() => waiter);
        Assert.That(_time.ActiveTimers, Is.Zero);
    }

    [Test]
    public void AcquireAsync_QueueFull_FailsAtOnce()
    {
        var limiter = ThrottledLimiter(rate: 1, queueLimit: 1);
        var waiter = limiter.AcquireAsync(NoLimit, default).AsTask();

        Assert.That(waiter.IsCompleted, Is.False);
        Assert.ThrowsAsync<SendRateLimitedException>(() => limiter.AcquireAsync(NoLimit, default).AsTask());
    }

    [Test]
    public void AcquireAsync_BudgetTooSmall_FailsAtOnce()
    {
        var limiter = ThrottledLimiter(rate: 1);

        Assert.ThrowsAsync<SendRateLimitedException>(
            () => limiter.AcquireAsync(TimeSpan.FromSeconds(0.9), default).AsTask());
    }

    [Test]
    public async Task OnResponse_RateRises_WakesWaitersEarlier()
    {
        var limiter = ThrottledLimiter(rate: 0.5);
        var waiter = limiter.AcquireAsync(NoLimit, default).AsTask();
        for (var i = 0; i < 400 && limiter.State.Waiting > 0; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(5));
            limiter.OnResponse(throttled: false);
        }

        Assert.That(_time.Elapsed, Is.LessThan(TimeSpan.FromSeconds(1.9)), "the old rate alone would need 2 s");
        await waiter;
    }

    [Test]
    public async Task Return_UnusedToken_GoesToTheNextWaiter()
    {
        var limiter = ThrottledLimiter(rate: 1);
        var first = limiter.AcquireAsync(NoLimit, default).AsTask();
        var second = limiter.AcquireAsync(NoLimit, default).AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));
        await first;

        limiter.Return();

        await second;
        Assert.That(_time.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void OnResponse_HealthyAndIdleForLong_GoesDormant()
    {
        var limiter = Limiter();
        limiter.OnResponse(throttled: true);
        var changes = 0;
        for (var i = 0; i < 12; i++)
        {
            Assert.That(limiter.IsLimiting, Is.EqualTo(i < 6), $"after {i} sparse calls");
            _time.Advance(TimeSpan.FromSeconds(10));
            changes += limiter.OnResponse(throttled: false) ? 1 : 0;
        }

        Assert.That(changes, Is.EqualTo(1));
        var burst = Enumerable.Range(0, 50).Select(_ => limiter.AcquireAsync(NoLimit, default).AsTask());
        Assert.That(burst.All(b => b.IsCompletedSuccessfully));
    }

    /// <summary>Whoever only looks must not see the throttle of last night.</summary>
    [Test]
    public void State_NoCallsForLong_IsDormant()
    {
        var limiter = Limiter();
        limiter.OnResponse(throttled: true);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.That(limiter.State.IsLimiting);
        var measured = limiter.State.MeasuredRate;

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That((limiter.State.IsLimiting, limiter.IsLimiting), Is.EqualTo((false, false)));
        Assert.That(limiter.State.MeasuredRate, Is.LessThanOrEqualTo(measured));
    }

    [Test]
    public void State_NoCallsAnyMore_MeasuredRateFalls()
    {
        var limiter = Limiter();
        for (var i = 0; i < 50; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(0.1));
            limiter.OnResponse(throttled: false);
        }

        var measured = limiter.State.MeasuredRate;
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(measured, Is.EqualTo(10).Within(2));
        Assert.That(limiter.State.MeasuredRate, Is.LessThan(0.3 * measured));
    }

    [Test]
    public void AcquireAsync_WindowEndsAfterMaxWait_FailsAtOnce()
    {
        var (limiter, _) = Windowed(wait: 60);

        var thrown = Assert.ThrowsAsync<SendRateLimitedException>(
            () => limiter.AcquireAsync(NoLimit, default).AsTask());

        Assert.That(thrown!.RetryAt, Is.EqualTo(_time.GetUtcNow() + TimeSpan.FromSeconds(60)));
        Assert.That(limiter.State.Waiting, Is.Zero);
    }

    [TestCase(0.0, true)]
    [TestCase(58.9, true)]
    [TestCase(59.0, false, Description = "a second is left, and that may be waited for")]
    [TestCase(61.0, false)]
    public void WouldReject_WindowEndsAfterMaxWait_SeesIt(double delay, bool expected)
    {
        var (limiter, _) = Windowed(wait: 60);

        Assert.That(limiter.WouldReject(TimeSpan.FromSeconds(delay), NoLimit), Is.EqualTo(expected));
    }

    [Test]
    public async Task AcquireAsync_OnlyAnAnswerCanTell_WaitsForIt()
    {
        var (limiter, controller) = Windowed(wait: double.PositiveInfinity);
        Assert.That(limiter.WouldReject(TimeSpan.Zero, NoLimit), Is.False);
        var waiter = limiter.AcquireAsync(NoLimit, default).AsTask();
        Assert.That(waiter.IsCompleted, Is.False);

        controller.Wait = 0;
        limiter.OnResponse(throttled: false);

        await waiter;
    }

    [Test]
    public void AcquireAsync_NoAnswerComes_FailsWhenMaxWaitHasPassed()
    {
        var (limiter, _) = Windowed(wait: double.PositiveInfinity);
        var waiter = limiter.AcquireAsync(NoLimit, default).AsTask();

        _time.Advance(TimeSpan.FromSeconds(1));

        var thrown = Assert.ThrowsAsync<SendRateLimitedException>(() => waiter);
        Assert.That(thrown!.RetryAt, Is.Null, "whoever obeyed 'now' would come back at once");
        Assert.That(thrown.Message, Does.Contain("wait for an answer to others"));
        Assert.That(_time.ActiveTimers, Is.Zero);
    }

    /// <summary>A limiter whose calls wait a second at most, and a controller that waits for a window.</summary>
    private (SendRateLimiter Limiter, StubController Controller) Windowed(double wait)
    {
        var controller = new StubController { Limits = new SendLimits(1) { IsUnpaced = true } };
        var settings = new SendRateSettings(MaxWait: TimeSpan.FromSeconds(1));
        var limiter = new SendRateLimiter("test", settings, controller, _time);
        limiter.OnResponse(throttled: true);
        controller.Wait = wait;
        return (limiter, controller);
    }

    private SendRateLimiter Limiter() =>
        new("test", new SendRateSettings(), new CubicController(now: 0), _time);

    /// <summary>A limiter that throttling has pushed to its floor, so that the rate is known.</summary>
    private SendRateLimiter ThrottledLimiter(
        double rate, TimeSpan? maxWait = null, int queueLimit = int.MaxValue, double? minRate = null)
    {
        var settings = new SendRateSettings(minRate ?? rate, double.PositiveInfinity, maxWait, queueLimit);
        var limiter = new SendRateLimiter("test", settings, new FirstRateController(rate), _time);
        limiter.OnResponse(throttled: true);
        Assert.That(limiter.State.FillRate, Is.EqualTo(rate));
        return limiter;
    }

    /// <summary>Sets a rate at the first throttle and follows the real law from then on.</summary>
    private sealed class FirstRateController(double rate) : ISendRateController
    {
        private readonly CubicController _cubic = new(now: 0);
        private bool _started;

        public LimitKind Kind => LimitKind.Unknown;

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

        public SendLimits Begin(double rate, double now) => _cubic.Begin(rate, now);

        public SendLimits OnResponse(in SendReport report)
        {
            var next = _cubic.OnResponse(report);
            var started = _started;
            _started = true;
            return started ? next : new SendLimits(rate);
        }
    }
}
