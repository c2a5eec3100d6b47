using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

/// <summary>A limit that the user knows is kept before anything has been refused.</summary>
[TestFixture]
internal sealed class InitialRateTests
{
    private static readonly SendRateSettings TenPerSecond = new() { InitialRate = 10 };

    [TestCase(SendRateControllerKind.Probing)]
    [TestCase(SendRateControllerKind.Cubic)]
    public void Begin_InitialRate_LimitsFromTheFirstAttempt(SendRateControllerKind kind)
    {
        var bucket = Begin(TenPerSecond, kind);

        Assert.That(bucket.IsLimiting);
        Assert.That(bucket.FillRate, Is.EqualTo(10));
        Assert.That(Granted(bucket, seconds: 10), Is.EqualTo(100).Within(2));
    }

    [Test]
    public void Begin_LowRate_TheFirstAttemptGoesAtOnce()
    {
        var bucket = Begin(TenPerSecond with { InitialRate = 0.5 }, SendRateControllerKind.Probing);

        Assert.That(bucket.TryTake(now: 0, out _));
        Assert.That(bucket.TryTake(now: 0, out _), Is.False);
        Assert.That(bucket.NextLook(now: 0), Is.EqualTo(2).Within(1e-9));
    }

    [Test]
    public void Begin_None_StaysDormant() =>
        Assert.That(Begin(new SendRateSettings(), SendRateControllerKind.Probing).IsLimiting, Is.False);

    [Test]
    public void OnResponse_RefusedAtTheInitialRate_FindsTheRealOne()
    {
        var bucket = Begin(TenPerSecond, SendRateControllerKind.Probing);
        var upstream = new TokenBucket();
        upstream.SetRate(fillRate: 4, capacity: 4, now: 0);

        var accepted = 0;
        for (var now = 0.0; now < 60; now += 0.01)
        {
            bucket.Refill(isBacklogged: true, now);
            if (bucket.TryTake(now, out var permit))
            {
                upstream.Refill(now);
                var feedback = upstream.TryTake() ? SendFeedback.Accepted : SendFeedback.Throttled;
                accepted += now > 30 && feedback == SendFeedback.Accepted ? 1 : 0;
                bucket.OnResponse(permit, new SendResponse(feedback, default), 0, mayRest: false, now);
            }
        }

        // The fill rate itself may be that of a try for more just now.
        Assert.That(accepted / 30.0, Is.EqualTo(4).Within(0.2));
    }

    [Test]
    public void RestIfIdle_InitialRate_StaysAwake()
    {
        var bucket = Begin(TenPerSecond, SendRateControllerKind.Probing);
        bucket.Refill(isBacklogged: false, now: 1000);

        bucket.RestIfIdle(waiting: 0, now: 1000);

        Assert.That(bucket.IsLimiting);
    }

    /// <summary>A limiter that no call asks must not be shown slowing the client.</summary>
    [Test]
    public void Apply_SwitchedOffAndOn_LimitsOnlyWhileOn()
    {
        var off = TenPerSecond with { IsEnabled = false };
        var bucket = Begin(off, SendRateControllerKind.Probing);
        Assert.That(bucket.IsLimiting, Is.False);

        bucket.Apply(TenPerSecond, now: 1);
        Assert.That(bucket.IsLimiting);
        Assert.That(bucket.FillRate, Is.EqualTo(10));

        bucket.Apply(off, now: 2);
        Assert.That(bucket.IsLimiting, Is.False);
    }

    /// <summary>A rate that comes by a reload is kept like one that was there from the start.</summary>
    [Test]
    public void Apply_DormantAndARateComes_BeginsWithIt()
    {
        var bucket = Begin(TenPerSecond with { InitialRate = null }, SendRateControllerKind.Probing);
        bucket.OnResponse(
            SendPermit.Free, new SendResponse(SendFeedback.Accepted), freeInFlight: 0, mayRest: true, now: 1);

        bucket.Apply(TenPerSecond, now: 5);

        Assert.That((bucket.IsLimiting, bucket.FillRate), Is.EqualTo((true, 10)));
        Assert.That(bucket.StateAt(5, waiting: 0).IsUnpaced, Is.False);
    }

    private static AdaptiveTokenBucket Begin(SendRateSettings settings, SendRateControllerKind kind)
    {
        ISendRateController controller = kind == SendRateControllerKind.Cubic
            ? new CubicController(now: 0)
            : new ProbingController();
        var bucket = new AdaptiveTokenBucket(settings, controller);
        bucket.Begin(now: 0);
        return bucket;
    }

    private static int Granted(AdaptiveTokenBucket bucket, double seconds)
    {
        var granted = 0;
        for (var now = 0.0; now < seconds; now += 0.01)
        {
            bucket.Refill(isBacklogged: true, now);
            granted += bucket.TryTake(now, out _) ? 1 : 0;
        }

        return granted;
    }
}
