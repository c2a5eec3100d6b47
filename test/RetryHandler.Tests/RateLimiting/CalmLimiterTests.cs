using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

/// <summary>
/// While it limits, and nobody waits, a busy limiter pays tokens in advance and only counts what is accepted.
/// </summary>
[TestFixture]
[CancelAfter(60_000)]
internal sealed class CalmLimiterTests
{
    private const double Rate = 5_000;
    private const double Capacity = 200;

    private readonly ManualTimeProvider _time = new();
    private readonly StubController _controller = new()
    {
        NeedsEach = false,
        Limits = new SendLimits(Rate) { Capacity = Capacity },
    };

    [Test]
    public void OnResponse_BusyAndCalm_TellsNumbersOnly()
    {
        var limiter = Busy(perSecond: 2_000);
        var (reports, sent) = (_controller.Reports.Count, _controller.Sent);
        _controller.Counted.Clear();

        Run(limiter, perSecond: 2_000, count: 4_000);
        _ = limiter.State;

        Assert.Multiple(() =>
        {
            Assert.That(_controller.Reports, Has.Count.EqualTo(reports));
            Assert.That(_controller.Counted.Sum(static told => told.Count), Is.EqualTo(4_000));
            Assert.That(_controller.Counted, Has.Count.LessThan(2_500));
            Assert.That(_controller.Sent - sent, Is.LessThan(2_500));
        });
    }

    /// <summary>At some hundred a second nothing is gained, and the times of answers stay exact.</summary>
    [Test]
    public void OnResponse_NotBusy_TellsEach()
    {
        var limiter = Busy(perSecond: 500);
        var reports = _controller.Reports.Count;

        Run(limiter, perSecond: 500, count: 500);

        Assert.That(_controller.Reports, Has.Count.EqualTo(reports + 500));
    }

    [Test]
    public void OnResponse_BusyNoLonger_TellsEachAgain()
    {
        var limiter = Busy(perSecond: 2_000);
        Run(limiter, perSecond: 100, count: 300);
        var reports = _controller.Reports.Count;

        Run(limiter, perSecond: 100, count: 100);

        Assert.That(_controller.Reports, Has.Count.EqualTo(reports + 100));
    }

    [Test]
    public void OnResponse_ControllerNeedsEach_TellsEach()
    {
        _controller.NeedsEach = true;
        var limiter = Busy(perSecond: 2_000);
        var reports = _controller.Reports.Count;

        Run(limiter, perSecond: 2_000, count: 500);

        Assert.That(_controller.Reports, Has.Count.EqualTo(reports + 500));
        Assert.That(_controller.Counted, Is.Empty);
    }

    /// <summary>Whatever is paid in advance, no more goes than the bucket would have let go one by one.</summary>
    [Test]
    public void TryAcquire_AnyTraffic_KeepsToTheBucket([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        var limiter = Busy(perSecond: 3_000);
        var reference = Capacity;
        var granted = 0;
        for (var i = 0; i < 50_000; i++)
        {
            var pause = random.Next(200) == 0 ? random.NextDouble() * 0.1 : -Math.Log(random.NextDouble()) / 6_000;
            var pausedFor = random.Next(3) == 0 ? pause * 3 : 0;
            _time.Advance(TimeSpan.FromSeconds(pausedFor));
            reference = Math.Min(Capacity, reference + (Rate * pausedFor));
            if (limiter.TryAcquire(out var permit))
            {
                granted++;
                reference--;
                Assert.That(reference, Is.GreaterThan(-0.01), $"grant {granted}");
                limiter.OnResponse(permit, SendFeedback.Accepted);
            }
        }

        Assert.That(granted, Is.GreaterThan(20_000));
    }

    /// <summary>Demand below the rate is let go, as without payment in advance.</summary>
    [Test]
    public void TryAcquire_EvenDemandBelowTheRate_IsNeverHeldBack()
    {
        var limiter = Busy(perSecond: 2_000);

        Run(limiter, perSecond: 0.95 * Rate, count: 20_000);
    }

    [TestCase(true, false)]
    [TestCase(false, true)]
    public void OnResponse_SomethingHappened_TellsEach(bool closes, bool isCounted)
    {
        var limiter = Busy(perSecond: 2_000);
        _controller.Limits = closes
            ? _controller.Limits with { CloseFor = 0.5 }
            : _controller.Limits with { MaxInFlight = 10, IsUnpaced = isCounted };
        var permits = Enumerable.Range(0, 10).Select(_ => Pass(limiter)).ToList();
        limiter.OnResponse(permits[0], SendFeedback.Throttled);
        var reports = _controller.Reports.Count;

        permits.Skip(1).ToList().ForEach(permit => limiter.OnResponse(permit, SendFeedback.Accepted));

        Assert.That(_controller.Reports, Has.Count.EqualTo(reports + 9));
        Assert.That(_controller.Reports[^1].InFlight, Is.Zero);
    }

    [Test]
    public void Apply_LowerRate_HoldsAtOnce()
    {
        var limiter = Busy(perSecond: 2_000);
        Run(limiter, perSecond: 2_000, count: 10);

        limiter.Apply(new SendRateSettings(MaxRate: 1));

        Assert.That(limiter.TryAcquire(out _), "the bucket had more than one");
        Assert.That(limiter.TryAcquire(out _), Is.False);
    }

    [Test]
    public void Apply_SwitchedOff_AsksForNoTokens()
    {
        var limiter = Busy(perSecond: 2_000);
        Run(limiter, perSecond: 2_000, count: 10);

        limiter.Apply(new SendRateSettings { IsEnabled = false });

        Assert.That(limiter.IsLimiting, Is.False);
        Assert.That(Pass(limiter).IsFree);
    }

    /// <summary>A budget that is published while all is calm is kept count of from the next attempt on.</summary>
    [Test]
    public void OnResponse_BudgetBecomesKnown_TellsEach()
    {
        var limiter = new SendRateLimiter(
            "test", new SendRateSettings(), new PublishedBudgetController(_controller), _time);
        limiter.OnResponse(Pass(limiter), SendFeedback.Throttled);
        _time.Advance(TimeSpan.FromSeconds(1));
        Run(limiter, perSecond: 2_000, count: 4_000);
        limiter.OnResponse(Pass(limiter), new SendResponse { Budget = new BudgetReading(Remaining: 900, ResetIn: 30) });
        var (reports, sent) = (_controller.Reports.Count, _controller.Sent);

        Run(limiter, perSecond: 2_000, count: 5);

        Assert.That((_controller.Reports.Count, _controller.Sent), Is.EqualTo((reports + 5, sent + 5)));
    }

    [Test]
    public void OnResponse_RefusalAfterManyCounted_TellsWhoIsOnTheWay()
    {
        var limiter = Busy(perSecond: 2_000);
        Run(limiter, perSecond: 2_000, count: 100);
        var permits = Enumerable.Range(0, 7).Select(_ => Pass(limiter)).ToList();
        limiter.OnNoResponse(permits[0]);
        limiter.Return(permits[1]);
        limiter.OnResponse(permits[2], SendFeedback.Accepted);

        limiter.OnResponse(permits[3], SendFeedback.Throttled);

        Assert.That(_controller.Reports[^1].InFlight, Is.EqualTo(3));
    }

    /// <summary>It was let go then or later; a time that is too long would make pauses too long.</summary>
    [Test]
    public void OnResponse_RefusalOfAPrepaidAttempt_SaysThatItsTimeIsNotExact()
    {
        var limiter = Busy(perSecond: 2_000);
        var first = Pass(limiter);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var second = Pass(limiter);
        var granted = _time.Elapsed.TotalSeconds;
        _time.Advance(TimeSpan.FromMilliseconds(1));

        limiter.OnResponse(second, SendFeedback.Throttled);

        Assert.That(first.IsPrepaid || second.IsPrepaid);
        Assert.That(_controller.Reports[^1].IsSentLater, Is.EqualTo(second.IsPrepaid));
        Assert.That(_controller.Reports[^1].SentAt, Is.LessThanOrEqualTo(granted));
    }

    /// <summary>Who waits is first: nothing is left that was paid for others.</summary>
    [Test]
    public async Task TryAcquire_SomebodyWaits_FindsNothingPrepaid()
    {
        var limiter = Busy(perSecond: 2_000);
        while (limiter.TryAcquire(out var permit))
        {
            limiter.OnResponse(permit, SendFeedback.Accepted);
        }

        var waiter = limiter.AcquireAsync(TimeSpan.MaxValue, CancellationToken.None).AsTask();
        Assert.That(waiter.IsCompleted, Is.False);
        Assert.That(limiter.TryAcquire(out _), Is.False);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        await waiter;
    }

    [Test]
    public void State_NothingSentForLong_IsDormant()
    {
        var limiter = Busy(perSecond: 2_000);
        Run(limiter, perSecond: 2_000, count: 57);

        _time.Advance(TimeSpan.FromSeconds(61));

        Assert.That(limiter.State.IsLimiting, Is.False);
        Assert.That(limiter.IsLimiting, Is.False);
    }

    [Test]
    public void TryAcquire_HealthyForAMinute_IsDormant()
    {
        var limiter = Busy(perSecond: 2_000);

        Run(limiter, perSecond: 2_000, count: 130_000);

        Assert.That(limiter.IsLimiting, Is.False);
    }

    [Test]
    public void State_BusyAndCalm_TellsTheMeasuredRate()
    {
        var limiter = Busy(perSecond: 2_000);

        Assert.That(limiter.State.MeasuredRate, Is.EqualTo(2_000).Within(2).Percent);
    }

    /// <summary>Many threads, refusals among them: what was counted without the lock is neither lost nor doubled.</summary>
    [Test]
    public async Task OnResponse_ManyThreads_CountsEachOnce([Range(1, 5)] int seed)
    {
        const int Threads = 8;
        const int Calls = 20_000;
        _controller.Limits = new SendLimits(1e9);
        var limiter = Busy(perSecond: 2_000);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        _controller.Counted.Clear();
        _controller.Reports.Clear();
        var told = 0;

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            var random = new Random((seed * Threads) + thread);
            for (var i = 0; i < Calls; i++)
            {
                var permit = Pass(limiter);
                switch (random.Next(200))
                {
                    case 0:
                        limiter.OnResponse(permit, SendFeedback.Throttled);
                        Interlocked.Increment(ref told);
                        break;
                    case 1:
                        limiter.OnNoResponse(permit);
                        Interlocked.Increment(ref told);
                        break;
                    case 2:
                        limiter.Return(permit);
                        Interlocked.Increment(ref told);
                        break;
                    case 3:
                        _ = limiter.State;
                        goto default;
                    default:
                        limiter.OnResponse(permit, SendFeedback.Accepted);
                        break;
                }
            }
        })));
        limiter.OnResponse(Pass(limiter), SendFeedback.Throttled);

        var accepted = _controller.Reports.Count(static report => report.Feedback == SendFeedback.Accepted)
            + _controller.Counted.Sum(static counted => counted.Count);
        Assert.That(_controller.Reports[^1].InFlight, Is.Zero);
        Assert.That(accepted, Is.EqualTo((Threads * Calls) - told));
        Assert.That(_controller.Counted.Sum(static counted => counted.Count), Is.GreaterThan(Calls));
    }

    private static SendPermit Pass(SendRateLimiter limiter)
    {
        Assert.That(limiter.TryAcquire(out var permit));
        return permit;
    }

    private SendRateLimiter Busy(double perSecond)
    {
        var limiter = new SendRateLimiter("test", new SendRateSettings(), _controller, _time);
        limiter.OnResponse(Pass(limiter), SendFeedback.Throttled);
        _time.Advance(TimeSpan.FromSeconds(1));
        Run(limiter, perSecond, (int)(2 * perSecond));
        _time.Advance(TimeSpan.FromSeconds(Capacity / Rate));
        _ = limiter.State; // Nothing is left untold.
        return limiter;
    }

    private void Run(SendRateLimiter limiter, double perSecond, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1 / perSecond));
            limiter.OnResponse(Pass(limiter), SendFeedback.Accepted);
        }
    }
}
