using RetryHandler.Retry;

namespace RetryHandler.Tests.Retry;

/// <summary>The decision after a failed attempt: which "no" comes first, and where each begins.</summary>
[TestFixture]
internal sealed class RetryPlannerTests
{
    private static readonly RetrySituation FirstAttempt = new(
        Attempt: 1,
        IsDisabled: false,
        CanReplay: true,
        IsIdempotent: true,
        HasBecomeAnother: false,
        TimeLeft: TimeSpan.MaxValue);

    private static readonly AttemptVerdict Transient = new() { Kind = FailureKind.Transient };

    private static readonly AttemptVerdict Throttled = new()
    {
        Kind = FailureKind.Throttled,
        KnownNotProcessed = true,
    };

    /// <summary>The break is the client's own: what upstreams may ask for has nothing to do with it.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public void Plan_CircuitOpen_WaitsForTheEndOfTheBreak(bool serverDelays)
    {
        var options = new AdaptiveRetryOptions { ServerDelay = { Enabled = serverDelays } };
        var verdict = Transient with { NeverSent = true, ServerDelay = TimeSpan.FromSeconds(90) };

        var decision = RetryPlanner.Plan(
            RetrySettings.From(options),
            verdict,
            FirstAttempt with { TimeLeft = TimeSpan.FromMinutes(5) },
            static () => 0.5);

        Assert.That((decision.Stop, decision.Cost), Is.EqualTo((default(RetryStopReason?), 0)));
        Assert.That(decision.Delay, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(90)));
    }

    /// <summary>Each obstacle hides those after it.</summary>
    [Test]
    public void Plan_SeveralObstacles_TheFirstInOrderIsTheReason()
    {
        var verdict = new AttemptVerdict { Kind = FailureKind.Transient, ServerDelay = TimeSpan.FromHours(1) };
        var situation = FirstAttempt with
        {
            Attempt = 3,
            IsDisabled = true,
            CanReplay = false,
            IsIdempotent = false,
            TimeLeft = TimeSpan.Zero,
        };

        Assert.Multiple(() =>
        {
            Assert.That(
                Stop(verdict with { Kind = FailureKind.QuotaExhausted, NeverSent = true }, situation),
                Is.EqualTo(RetryStopReason.UpstreamQuotaExhausted));
            Assert.That(
                Stop(verdict with { Kind = FailureKind.Permanent, NeverSent = true }, situation),
                Is.EqualTo(RetryStopReason.NotRetryable));
            Assert.That(
                Stop(verdict with { NeverSent = true, ServerDelay = null }, situation),
                Is.EqualTo(RetryStopReason.CircuitOpen));
            Assert.That(Stop(verdict, situation), Is.EqualTo(RetryStopReason.Disabled));
            situation = situation with { IsDisabled = false };
            Assert.That(Stop(verdict, situation), Is.EqualTo(RetryStopReason.AttemptsExhausted));
            situation = situation with { Attempt = 2 };
            Assert.That(Stop(verdict, situation), Is.EqualTo(RetryStopReason.NotReplayable));
            situation = situation with { CanReplay = true };
            Assert.That(Stop(verdict, situation), Is.EqualTo(RetryStopReason.UnsafeToRepeat));
            situation = situation with { IsIdempotent = true };
            Assert.That(Stop(verdict, situation), Is.EqualTo(RetryStopReason.ServerDelayTooLong));
            verdict = verdict with { ServerDelay = null };
            Assert.That(Stop(verdict, situation), Is.EqualTo(RetryStopReason.DeadlineTooNear));
            situation = situation with { TimeLeft = TimeSpan.MaxValue };
            Assert.That(Stop(verdict, situation), Is.Null);
        });
    }

    [TestCase(2, null, false)]
    [TestCase(3, null, true)]
    [TestCase(3, 4, false)]
    [TestCase(4, 4, true)]
    [TestCase(1, 1, true)]
    public void Plan_Attempts_EndAtTheLimitOfTheClientOrTheRequest(int attempt, int? ofRequest, bool exhausted) =>
        Assert.That(
            Stop(Transient, FirstAttempt with { Attempt = attempt, MaxAttempts = ofRequest }),
            Is.EqualTo(exhausted ? RetryStopReason.AttemptsExhausted : null));

    [TestCase(60, false)]
    [TestCase(61, true)]
    public void Plan_ServerDelay_IsHonouredUpToTheLongest(int seconds, bool tooLong)
    {
        var decision = Plan(Transient with { ServerDelay = TimeSpan.FromSeconds(seconds) }, FirstAttempt);

        Assert.That(decision.Stop, Is.EqualTo(tooLong ? RetryStopReason.ServerDelayTooLong : null));
        Assert.That(decision.Delay.TotalSeconds, Is.EqualTo(tooLong ? 0 : 61), "spread by a second");
    }

    [Test]
    public void Plan_ServerDelaysAreOff_TheBackoffAloneDecides()
    {
        var settings = Settings(static options => options.ServerDelay.Enabled = false);

        var decision = Plan(Transient with { ServerDelay = TimeSpan.FromHours(1) }, FirstAttempt, settings);

        Assert.That(decision.Delay, Is.EqualTo(TimeSpan.FromMilliseconds(50)));
    }

    /// <summary>Callers of a paced client are let go one by one anyway.</summary>
    [TestCase(RetryMode.Adaptive, FailureKind.Throttled, 10.02)]
    [TestCase(RetryMode.Adaptive, FailureKind.Transient, 11)]
    [TestCase(RetryMode.Standard, FailureKind.Throttled, 11)]
    public void Plan_ServerDelay_IsSpreadLessWhereTheLimiterPaces(RetryMode mode, FailureKind kind, double seconds)
    {
        var verdict = Throttled with { Kind = kind, ServerDelay = TimeSpan.FromSeconds(10) };

        var decision = Plan(verdict, FirstAttempt, Settings(options => options.Mode = mode));

        Assert.That(decision.Delay.TotalSeconds, Is.EqualTo(seconds));
    }

    [Test]
    public void Plan_BoundedHint_MovesTheDelayByFiveSecondsAtMost()
    {
        var verdict = Transient with { BoundedDelayHint = TimeSpan.FromSeconds(30) };

        Assert.That(Plan(verdict, FirstAttempt).Delay, Is.EqualTo(TimeSpan.FromSeconds(5.05)));
    }

    [TestCase(50, true)]
    [TestCase(51, false)]
    public void Plan_TimeLeft_MustBeLongerThanTheDelay(int milliseconds, bool tooNear) => Assert.That(
        Stop(Transient, FirstAttempt with { TimeLeft = TimeSpan.FromMilliseconds(milliseconds) }),
        Is.EqualTo(tooNear ? RetryStopReason.DeadlineTooNear : null));

    [TestCase(1, 50)]
    [TestCase(2, 100)]
    public void Plan_Backoff_GrowsWithTheRetries(int attempt, int milliseconds) => Assert.That(
        Plan(Transient, FirstAttempt with { Attempt = attempt }).Delay,
        Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));

    [Test]
    public void Plan_AdaptiveBackoff_IsScaled()
    {
        var settings = Settings(static options => options.Transient.Backoff = BackoffKind.Adaptive);

        var decision = Plan(Transient, FirstAttempt with { AdaptiveFactor = 2 }, settings);

        Assert.That(decision.Delay, Is.EqualTo(TimeSpan.FromMilliseconds(100)));
    }

    [TestCase(false, 14)]
    [TestCase(true, 0)]
    public void Plan_AttemptThatWasNeverSent_IsRepeatedForFree(bool neverSent, int cost)
    {
        var verdict = Transient with { NeverSent = neverSent, ServerDelay = TimeSpan.FromSeconds(1) };

        var decision = Plan(verdict, FirstAttempt with { TimeLeft = TimeSpan.FromMinutes(1) });

        Assert.That(decision.Stop, Is.Null);
        Assert.That(decision.Cost, Is.EqualTo(cost));
    }

    [Test]
    public void Plan_LastAttemptWasNeverSent_IsRepeated()
    {
        var verdict = Transient with { NeverSent = true, ServerDelay = TimeSpan.FromSeconds(1) };

        var stop = Stop(verdict, FirstAttempt with { Attempt = 3, TimeLeft = TimeSpan.FromMinutes(1) });

        Assert.That(stop, Is.Null);
    }

    /// <summary>Without a deadline nobody says how long to wait for a circuit that may stay open.</summary>
    [TestCase(1, null, RetryStopReason.CircuitOpen)]
    [TestCase(1, 60, null)]
    [TestCase(null, 60, RetryStopReason.CircuitOpen)]
    public void Plan_OpenCircuit_IsWaitedForOnlyWithinADeadline(int? delay, int? timeLeft, RetryStopReason? expected)
    {
        var verdict = Transient with
        {
            NeverSent = true,
            ServerDelay = delay is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
        var situation = FirstAttempt with
        {
            TimeLeft = timeLeft is { } left ? TimeSpan.FromSeconds(left) : TimeSpan.MaxValue,
        };

        Assert.That(Stop(verdict, situation), Is.EqualTo(expected));
    }

    [TestCase(UnsafeMethodReplay.Always, false, false, true)]
    [TestCase(UnsafeMethodReplay.Always, false, true, true)]
    [TestCase(UnsafeMethodReplay.WhenNotProcessed, true, false, true)]
    [TestCase(UnsafeMethodReplay.WhenNotProcessed, false, false, false)]
    [TestCase(UnsafeMethodReplay.WhenNotProcessed, true, true, false)]
    [TestCase(UnsafeMethodReplay.Never, true, false, false)]
    public void Plan_UnsafeMethod_IsRepeatedByEvidence(
        UnsafeMethodReplay replay, bool knownNotProcessed, bool hasBecomeAnother, bool repeats)
    {
        var settings = Settings(options => options.Replay.UnsafeMethods = replay);
        var situation = FirstAttempt with { IsIdempotent = false, HasBecomeAnother = hasBecomeAnother };
        var verdict = Transient with { KnownNotProcessed = knownNotProcessed };

        Assert.That(
            Plan(verdict, situation, settings).Stop, Is.EqualTo(repeats ? null : RetryStopReason.UnsafeToRepeat));
        Assert.That(Plan(verdict, situation with { IsIdempotent = true }, settings).Stop, Is.Null);
    }

    private static RetryStopReason? Stop(in AttemptVerdict verdict, in RetrySituation situation) =>
        Plan(verdict, situation).Stop;

    private static RetryDecision Plan(
        in AttemptVerdict verdict, in RetrySituation situation, RetrySettings? settings = null) =>
        RetryPlanner.Plan(settings ?? Settings(), verdict, situation, static () => 1);

    private static RetrySettings Settings(Action<AdaptiveRetryOptions>? configure = null)
    {
        var options = new AdaptiveRetryOptions();
        configure?.Invoke(options);
        return RetrySettings.From(options);
    }
}
