using RetryHandler.Backoff;
using RetryHandler.Retry;

namespace RetryHandler.Tests.Retry;

/// <summary>What options come to when the mode and the wider kinds have filled in what is not set.</summary>
[TestFixture]
internal sealed class RetrySettingsTests
{
    [TestCase(RetryMode.Legacy, 5, 5, 1000, 1000, 5, false, false)]
    [TestCase(RetryMode.Standard, 3, 3, 50, 1000, 5, true, false)]
    [TestCase(RetryMode.Adaptive, 3, 10, 50, 50, 0, true, true)]
    public void From_Mode_SuppliesAllValues(
        RetryMode mode,
        int transientAttempts,
        int throttledAttempts,
        int transientDelay,
        int throttledDelay,
        int throttledCost,
        bool quota,
        bool sendRate)
    {
        var settings = Settings(options => options.Mode = mode);

        Assert.Multiple(() =>
        {
            Assert.That(settings.Transient.MaxAttempts, Is.EqualTo(transientAttempts));
            Assert.That(settings.Throttled.MaxAttempts, Is.EqualTo(throttledAttempts));
            Assert.That(settings.MaxAttempts, Is.EqualTo(Math.Max(transientAttempts, throttledAttempts)));
            Assert.That(settings.Transient.Backoff.BaseDelay.TotalMilliseconds, Is.EqualTo(transientDelay));
            Assert.That(settings.Throttled.Backoff.BaseDelay.TotalMilliseconds, Is.EqualTo(throttledDelay));
            Assert.That(settings.Transient.Cost, Is.EqualTo(14));
            Assert.That(settings.Throttled.Cost, Is.EqualTo(throttledCost));
            Assert.That(settings.QuotaEnabled, Is.EqualTo(quota));
            Assert.That(settings.SendRateEnabled, Is.EqualTo(sendRate));
            Assert.That(settings.IsPaced, Is.EqualTo(sendRate));
            Assert.That(settings.FollowsPublishedBudget, Is.EqualTo(sendRate));
            Assert.That(settings.FollowsSuccess, Is.False);
        });
    }

    [TestCase(true, SendRateControllerKind.Probing, true, true, true, 50)]
    [TestCase(true, SendRateControllerKind.Probing, false, true, false, 50)]
    [TestCase(true, SendRateControllerKind.Cubic, true, false, false, 1000)]
    [TestCase(false, SendRateControllerKind.Probing, true, false, false, 1000)]
    public void From_SendRate_PacesOnlyWithTheProbingController(
        bool enabled, SendRateControllerKind controller, bool follow, bool paced, bool follows, int throttledDelay)
    {
        var settings = Settings(options =>
        {
            options.SendRate.Enabled = enabled;
            options.SendRate.Controller = controller;
            options.SendRate.FollowPublishedBudget = follow;
        });

        Assert.That(settings.SendRateEnabled, Is.EqualTo(enabled));
        Assert.That(settings.IsPaced, Is.EqualTo(paced));
        Assert.That(settings.FollowsPublishedBudget, Is.EqualTo(follows));
        Assert.That(settings.Throttled.Backoff.BaseDelay.TotalMilliseconds, Is.EqualTo(throttledDelay));
        Assert.That(settings.Throttled.Cost, Is.EqualTo(enabled ? 0 : 5));
    }

    [Test]
    public void From_ExplicitValues_BeatTheMode()
    {
        var settings = Settings(static options =>
        {
            options.Mode = RetryMode.Legacy;
            options.MaxAttempts = 7;
            options.Quota.Enabled = true;
            options.Quota.ThrottledCost = 3;
            options.SendRate.Enabled = true;
            options.Throttled.MaxAttempts = 2;
            options.Throttled.BaseDelay = TimeSpan.FromSeconds(4);
        });

        Assert.Multiple(() =>
        {
            Assert.That(settings.Transient.MaxAttempts, Is.EqualTo(7));
            Assert.That(settings.Throttled.MaxAttempts, Is.EqualTo(2));
            Assert.That(settings.MaxAttempts, Is.EqualTo(7));
            Assert.That(settings.QuotaEnabled, Is.True);
            Assert.That(settings.SendRateEnabled, Is.True);
            Assert.That(settings.Throttled.Cost, Is.EqualTo(3));
            Assert.That(settings.Throttled.Backoff.BaseDelay, Is.EqualTo(TimeSpan.FromSeconds(4)));
            Assert.That(settings.Throttled.Backoff.MaxDelay, Is.EqualTo(TimeSpan.FromSeconds(20)));
        });
    }

    [TestCase(FailureKind.Throttled, TransientCause.None, 1)]
    [TestCase(FailureKind.Throttled, TransientCause.Timeout, 1)]
    [TestCase(FailureKind.Transient, TransientCause.Timeout, 2)]
    [TestCase(FailureKind.Transient, TransientCause.Network, 3)]
    [TestCase(FailureKind.Transient, TransientCause.ServerError, 4)]
    [TestCase(FailureKind.Transient, TransientCause.None, 5)]
    public void For_KindAndCause_IsTheirPolicy(FailureKind kind, TransientCause cause, int attempts)
    {
        var settings = Settings(static options =>
        {
            options.Throttled.MaxAttempts = 1;
            options.TransientTimeout.MaxAttempts = 2;
            options.TransientNetwork.MaxAttempts = 3;
            options.TransientServerError.MaxAttempts = 4;
            options.Transient.MaxAttempts = 5;
        });

        Assert.That(
            settings.For(new AttemptVerdict { Kind = kind, Cause = cause }).MaxAttempts, Is.EqualTo(attempts));
    }

    [TestCase(RetryMode.Adaptive, SendRateControllerKind.Probing, 500, 14, null, 50)]
    [TestCase(RetryMode.Adaptive, SendRateControllerKind.Probing, 100_000, 14, null, 50)]
    [TestCase(RetryMode.Adaptive, SendRateControllerKind.Probing, 200, 14, null, 20, Description = "ten in a row")]
    [TestCase(RetryMode.Adaptive, SendRateControllerKind.Probing, 100, 14, null, 14, Description = "no less than others")]
    [TestCase(RetryMode.Adaptive, SendRateControllerKind.Probing, 500, 0, null, 0, Description = "free as all others")]
    [TestCase(RetryMode.Adaptive, SendRateControllerKind.Probing, 500, 14, 3, 3)]
    [TestCase(RetryMode.Adaptive, SendRateControllerKind.Cubic, 500, 14, null, 14, Description = "as the AWS SDKs")]
    [TestCase(RetryMode.Standard, SendRateControllerKind.Probing, 500, 14, null, 14)]
    public void From_Timeouts_CostMoreWhereTheRateIsProbed(
        RetryMode mode, SendRateControllerKind controller, int capacity, int transientCost, int? own, int expected)
    {
        var settings = Settings(options =>
        {
            options.Mode = mode;
            options.SendRate.Controller = controller;
            options.Quota.Capacity = capacity;
            options.Quota.TransientCost = transientCost;
            options.Quota.TimeoutCost = own;
        });

        Assert.That(settings.TransientTimeout.Cost, Is.EqualTo(expected));
    }

    [Test]
    public void From_CauseWithAPolicyOfItsOwn_BeatsTheWiderOneInEachValue()
    {
        var settings = Settings(static options =>
        {
            options.Transient.MaxAttempts = 2;
            options.Transient.BaseDelay = TimeSpan.FromSeconds(2);
            options.Transient.MaxDelay = TimeSpan.FromSeconds(3);
            options.Transient.MinDelay = TimeSpan.FromSeconds(1);
            options.Transient.Backoff = BackoffKind.Linear;
            options.Transient.Jitter = JitterKind.None;
            options.TransientTimeout.MaxAttempts = 4;
            options.TransientTimeout.BaseDelay = TimeSpan.FromSeconds(5);
            options.TransientTimeout.MaxDelay = TimeSpan.FromSeconds(7);
            options.TransientTimeout.MinDelay = TimeSpan.FromSeconds(4);
            options.TransientTimeout.Backoff = BackoffKind.Constant;
            options.TransientTimeout.Jitter = JitterKind.Equal;
            options.Quota.TimeoutCost = 9;
        });

        Assert.Multiple(() =>
        {
            Assert.That(settings.TransientTimeout, Is.EqualTo(new FailureSettings(
                4,
                new BackoffSettings(
                    TimeSpan.FromSeconds(5),
                    TimeSpan.FromSeconds(7),
                    BackoffKind.Constant,
                    JitterKind.Equal,
                    TimeSpan.FromSeconds(4)),
                9)));
            Assert.That(settings.TransientNetwork, Is.EqualTo(settings.Transient));
            Assert.That(settings.TransientServerError, Is.EqualTo(settings.Transient));
        });
    }

    [Test]
    public void FollowsSuccess_OneAdaptiveBackoff_IsEnough() => Assert.That(
        Settings(static options => options.TransientNetwork.Backoff = BackoffKind.Adaptive).FollowsSuccess, Is.True);

    [TestCase(FailureKind.Throttled, true, 5, 5)]
    [TestCase(FailureKind.Throttled, true, null, 0)]
    [TestCase(FailureKind.Throttled, false, 5, 0)]
    [TestCase(FailureKind.Transient, true, 5, 0)]
    public void DelayForAll_ServerDelay_ConcernsAllOnlyWhenItThrottles(
        FailureKind kind, bool enabled, int? seconds, int expected)
    {
        var settings = Settings(options => options.ServerDelay.Enabled = enabled);
        var verdict = new AttemptVerdict
        {
            Kind = kind,
            ServerDelay = seconds is { } delay ? TimeSpan.FromSeconds(delay) : null,
        };

        Assert.That(settings.DelayForAll(verdict), Is.EqualTo(TimeSpan.FromSeconds(expected)));
    }

    private static RetrySettings Settings(Action<AdaptiveRetryOptions> configure)
    {
        var options = new AdaptiveRetryOptions();
        configure(options);
        return RetrySettings.From(options);
    }
}
