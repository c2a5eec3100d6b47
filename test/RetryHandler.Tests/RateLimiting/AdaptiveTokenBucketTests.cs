using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

[TestFixture]
internal sealed class AdaptiveTokenBucketTests
{
    private static readonly SendResponse Accepted = new(SendFeedback.Accepted);
    private static readonly SendResponse Throttled = new(SendFeedback.Throttled);

    private readonly StubController _controller = new();

    /// <summary>Gets every way in which a permit can end.</summary>
    private static IEnumerable<TestCaseData> Ends()
    {
        foreach (var feedback in Enum.GetValues<SendFeedback>())
        {
            yield return new TestCaseData((AdaptiveTokenBucket bucket, SendPermit permit) =>
                Respond(bucket, permit, new SendResponse(feedback), now: 2))
                .SetArgDisplayNames($"{feedback}");
        }

        yield return new TestCaseData((AdaptiveTokenBucket bucket, SendPermit permit) =>
            bucket.TakeBack(permit, wasSent: true)).SetArgDisplayNames("no response");
        yield return new TestCaseData((AdaptiveTokenBucket bucket, SendPermit permit) =>
            bucket.TakeBack(permit, wasSent: false)).SetArgDisplayNames("never sent");
    }

    [Test]
    public void OnResponse_Debt_MustComeInBeforeTheNextToken()
    {
        var bucket = Limiting(new SendLimits(10) { Debt = 2 });

        Assert.That(bucket.Tokens, Is.EqualTo(-2));
        Assert.That(bucket.NextLook(0), Is.EqualTo(0.3).Within(1e-9));
        Assert.That(TryTake(bucket, 0.29), Is.False);
        Assert.That(TryTake(bucket, 0.3));
    }

    [Test]
    public void OnResponse_NoDebt_KeepsTheTokens()
    {
        var bucket = Limiting(new SendLimits(10));
        bucket.Refill(isBacklogged: false, 0.5);

        Respond(bucket, default, Accepted, now: 0.5);

        Assert.That(bucket.Tokens, Is.EqualTo(5).Within(1e-9));
    }

    [TestCaseSource(nameof(Ends))]
    public void TryTake_PermitEnds_MakesRoomForExactlyOne(Action<AdaptiveTokenBucket, SendPermit> end)
    {
        var bucket = Limiting(Unpaced with { MaxInFlight = 2 });
        Assert.That(bucket.TryTake(1, out var permit));
        Assert.That(bucket.TryTake(1, out _));
        Assert.That(bucket.TryTake(1, out _), Is.False);
        Assert.That(bucket.NextLook(1), Is.EqualTo(double.PositiveInfinity), "only an answer can tell");

        end(bucket, permit);

        Assert.That(bucket.NextLook(2), Is.Zero);
        Assert.That(bucket.TryTake(2, out _));
        Assert.That(bucket.TryTake(2, out _), Is.False);
    }

    [TestCaseSource(nameof(Ends))]
    public void TryTake_PermitOfADormantTimeEnds_MakesNoRoom(Action<AdaptiveTokenBucket, SendPermit> end)
    {
        var bucket = Limiting(Unpaced with { MaxInFlight = 1 });
        Assert.That(bucket.TryTake(1, out _));

        end(bucket, SendPermit.Free);

        Assert.That(bucket.TryTake(2, out _), Is.False);
    }

    [Test]
    public void Return_Permit_GivesBackTheTokenAndTellsTheController()
    {
        var bucket = Limiting(new SendLimits(1));
        bucket.Refill(isBacklogged: false, 1);
        Assert.That(bucket.TryTake(1, out var permit));
        Assert.That((bucket.Tokens, _controller.Sent), Is.EqualTo((0, 1)));

        bucket.TakeBack(permit, wasSent: false);

        Assert.That((bucket.Tokens, _controller.Sent), Is.EqualTo((1, 0)));
    }

    [Test]
    public void Return_PermitWithoutToken_GivesBackNothing()
    {
        var bucket = Limiting(new SendLimits(1));

        bucket.TakeBack(default, wasSent: false);

        Assert.That((bucket.Tokens, _controller.Sent), Is.EqualTo((0, 0)));
    }

    [Test]
    public void Return_UnpacedPermit_AddsNoToken()
    {
        var bucket = Limiting(Unpaced);
        Assert.That(bucket.TryTake(0, out var permit));
        Assert.That((permit.HasToken, permit.IsUnpaced), Is.EqualTo((true, true)));

        bucket.TakeBack(permit, wasSent: false);

        Assert.That((bucket.Tokens, _controller.Sent), Is.EqualTo((0, 0)));
    }

    [Test]
    public void Return_PermitOfAPacedTime_GivesBackItsTokenAlsoWhenUnpaced()
    {
        var bucket = Limiting(new SendLimits(1));
        bucket.Refill(isBacklogged: false, 1);
        bucket.TryTake(1, out var permit);
        _controller.Limits = Unpaced;
        Respond(bucket, default, Accepted, now: 1);

        bucket.TakeBack(permit, wasSent: false);

        Assert.That(bucket.Tokens, Is.EqualTo(1));
    }

    [TestCase(60.0, 60.0, Description = "a window that ends then")]
    [TestCase(1.0, 3.0, Description = "the tokens take longer")]
    [TestCase(double.PositiveInfinity, 3.0, Description = "only an answer can tell: that may be soon")]
    public void WaitFor_ControllerWaits_CountsWhatIsKnown(double wait, double expected)
    {
        var bucket = Limiting(new SendLimits(1));
        _controller.Wait = wait;

        Assert.That(bucket.WaitFor(tokens: 3, now: 0), Is.EqualTo(expected).Within(1e-9));
    }

    [Test]
    public void TryTake_Unpaced_NeedsNoTokens()
    {
        var bucket = Limiting(Unpaced);

        for (var i = 0; i < 100; i++)
        {
            Assert.That(bucket.TryTake(0, out _));
        }

        Assert.That(bucket.NextLook(0), Is.Zero);
        Assert.That(_controller.Sent, Is.EqualTo(100));
    }

    [Test]
    public void TryTake_PacedAgain_NeedsTokens()
    {
        var bucket = Limiting(Unpaced);
        _controller.Limits = new SendLimits(1);

        Respond(bucket, default, Accepted, now: 0);

        Assert.That(TryTake(bucket, 0), Is.False);
        Assert.That(TryTake(bucket, 1));
    }

    [Test]
    public void TryTake_ControllerWaits_TakesNothing()
    {
        var bucket = Limiting(Unpaced);
        _controller.Wait = 7;

        Assert.That(TryTake(bucket, 100), Is.False);
        Assert.That(bucket.NextLook(100), Is.EqualTo(7));
        Assert.That(_controller.Sent, Is.Zero);
    }

    [TestCase(0.5, 2.0)]
    [TestCase(0.1, 10.0)]
    public void OnResponse_PauseWithoutHint_IsNoLongerThanMinRateAllows(double minRate, double expected)
    {
        var bucket = Limiting(new SendLimits(1) { CloseFor = 30 }, new SendRateSettings(MinRate: minRate));

        Assert.That(bucket.StateAt(0, waiting: 0).ClosedFor, Is.EqualTo(expected).Within(1e-9));
    }

    [Test]
    public void OnResponse_PauseForTheServersDelay_IsKept()
    {
        var bucket = Limiting(new SendLimits(1) { CloseFor = 30 }, hint: 30);

        Assert.That(bucket.StateAt(0, waiting: 0).ClosedFor, Is.EqualTo(30));
        Assert.That(bucket.IsShut(0), Is.False);
    }

    [Test]
    public void OnResponse_DelayLongerThanACallWaits_ShutsTheGateWhateverTheControllerSays()
    {
        var bucket = Limiting(new SendLimits(1), hint: 90);

        Assert.That(bucket.IsShut(29.9));
        Assert.That(bucket.IsShut(30), Is.False);
        Assert.That(TryTake(bucket, 89.9), Is.False);
        Assert.That(TryTake(bucket, 90));
    }

    [TestCase(0.01, 0.5)]
    [TestCase(3.0, 3.0)]
    [TestCase(1000.0, 20.0)]
    public void FillRate_ControllersRate_IsKeptWithinTheBounds(double rate, double expected) => Assert.That(
        Limiting(new SendLimits(rate), new SendRateSettings(MinRate: 0.5, MaxRate: 20)).FillRate,
        Is.EqualTo(expected));

    [Test]
    public void OnNoResponse_OfTheProbe_MakesTheNextAttemptTheProbe()
    {
        var bucket = Limiting(Unpaced with { CloseFor = 1 });
        Assert.That(bucket.TryTake(1, out var probe));
        Assert.That(probe.IsProbe);
        Assert.That(TryTake(bucket, 2), Is.False);

        bucket.TakeBack(probe, wasSent: true);

        Assert.That(bucket.TryTake(2, out var next));
        Assert.That(next.IsProbe);
    }

    [Test]
    public void OnResponse_ProbeAccepted_OpensTheGateAndTellsTheController()
    {
        var bucket = Limiting(Unpaced with { CloseFor = 1 });
        bucket.TryTake(1, out var probe);
        _controller.Limits = Unpaced;

        Respond(bucket, probe, Accepted, now: 1.5);

        Assert.That(bucket.IsClosed, Is.False);
        Assert.That(_controller.Reports[^1].OpensGate);
        Assert.That(TryTake(bucket, 1.5));
    }

    [Test]
    public void OnResponse_AcceptedButSentBeforeTheClosing_LeavesTheGateClosed()
    {
        var bucket = Limiting(Unpaced);
        bucket.TryTake(1, out var old);
        bucket.TryTake(1, out var refused);
        _controller.Limits = Unpaced with { CloseFor = 1 };
        Respond(bucket, refused, Throttled, now: 2);
        _controller.Limits = Unpaced;

        Respond(bucket, old, Accepted, now: 2);

        Assert.That(bucket.IsClosed);
        Assert.That(_controller.Reports[^1].OpensGate, Is.False);
    }

    [Test]
    public void OnResponse_SomebodyWaited_CountsTheBusyTime()
    {
        var bucket = Limiting(new SendLimits(1));
        bucket.Refill(isBacklogged: true, 3);
        bucket.Refill(isBacklogged: false, 5);
        bucket.Refill(isBacklogged: true, 6);

        Respond(bucket, default, Accepted, now: 6);

        Assert.That(_controller.Reports[^1].BusyTime, Is.EqualTo(4));
    }

    [TestCase(59.9, true, false)]
    [TestCase(60.0, true, true)]
    [TestCase(60.0, false, false, Description = "somebody waits for a token")]
    public void OnResponse_NoThrottleForAMinute_GoesDormant(double now, bool mayRest, bool expected)
    {
        var bucket = Limiting(new SendLimits(1));
        bucket.Refill(isBacklogged: false, now);

        Respond(bucket, default, Accepted, now, mayRest);

        Assert.That(bucket.IsLimiting, Is.EqualTo(!expected));
    }

    [TestCase(89.9, false)]
    [TestCase(90.0, true)]
    public void OnResponse_SomebodyWaitedMeanwhile_CountsTheMinuteFromThen(double now, bool expected)
    {
        var bucket = Limiting(new SendLimits(1));
        bucket.Refill(isBacklogged: true, 30);
        bucket.Refill(isBacklogged: false, now);

        Respond(bucket, default, Accepted, now, mayRest: true);

        Assert.That(bucket.IsLimiting, Is.EqualTo(!expected));
    }

    [TestCase(79.9, false)]
    [TestCase(80.0, true)]
    public void OnResponse_ServerNamedADelay_CountsTheMinuteFromItsEnd(double now, bool expected)
    {
        var bucket = Limiting(new SendLimits(1), hint: 20);

        Respond(bucket, default, Accepted, now, mayRest: true);

        Assert.That(bucket.IsLimiting, Is.EqualTo(!expected));
    }

    [Test]
    public void RestIfIdle_NothingSentForAMinute_GoesDormant()
    {
        var bucket = Limiting(new SendLimits(1));
        Respond(bucket, default, Accepted, now: 10);

        bucket.RestIfIdle(waiting: 0, 69.9);
        Assert.That(bucket.IsLimiting);
        bucket.RestIfIdle(waiting: 0, 70);
        Assert.That(bucket.IsLimiting, Is.False);
    }

    [Test]
    public void RestIfIdle_GateClosed_StaysAwake()
    {
        var bucket = Limiting(new SendLimits(1), hint: 90);

        bucket.RestIfIdle(waiting: 0, 1_000);

        Assert.That(bucket.IsLimiting);
    }

    /// <summary>An upstream that takes long to answer still holds the slots.</summary>
    [Test]
    public void RestIfIdle_AttemptsOnTheirWay_StaysAwake()
    {
        var bucket = Limiting(Unpaced);
        Assert.That(bucket.TryTake(1, out var permit));

        Assert.That(bucket.RestIfIdle(waiting: 0, 1_000));
        bucket.TakeBack(permit, wasSent: true);
        Assert.That(bucket.RestIfIdle(waiting: 0, 1_000), Is.False);
    }

    /// <summary>Only what the upstream named is no use to wait for; a controller's own pause is short.</summary>
    [TestCase(0, false)]
    [TestCase(20, true)]
    public void IsShut_PauseLongerThanACallWaits_OnlyIfTheUpstreamNamedIt(int hint, bool expected)
    {
        var settings = new SendRateSettings(0.01, double.PositiveInfinity, null, int.MaxValue)
        {
            LongestClosureToWaitFor = TimeSpan.Zero,
        };
        var bucket = new AdaptiveTokenBucket(settings, _controller);
        _controller.Limits = new SendLimits(1) { CloseFor = 10 };

        Respond(bucket, default, Throttled with { ServerDelay = TimeSpan.FromSeconds(hint) }, now: 0);

        Assert.That((bucket.IsClosed, bucket.IsShut(1)), Is.EqualTo((true, expected)));
    }

    [Test]
    public void RestIfIdle_SomebodyWaits_StaysAwake()
    {
        var bucket = Limiting(new SendLimits(1));

        bucket.RestIfIdle(waiting: 1, 1_000);

        Assert.That(bucket.IsLimiting);
    }

    [TestCase(SendFeedback.Unavailable, true, true)]
    [TestCase(SendFeedback.Unavailable, false, false)]
    [TestCase(SendFeedback.Accepted, true, false)]
    public void OnResponse_Dormant_WakesUpForA503ThatTheControllerTakesForALimit(
        SendFeedback feedback, bool isWanted, bool expected)
    {
        var bucket = new AdaptiveTokenBucket(new SendRateSettings(), _controller);
        _controller.Limits = Unpaced with { IsWanted = isWanted };

        Respond(bucket, SendPermit.Free, new SendResponse(feedback), now: 0);

        Assert.That(bucket.IsLimiting, Is.EqualTo(expected));
        Assert.That(bucket.IsOverloadExpected, Is.EqualTo(isWanted));
    }

    /// <summary>In a client that was well for more than the healthy time, the limiter fell asleep at once.</summary>
    [Test]
    public void OnResponse_OverloadOfAnOldClient_StaysAwakeForTheHealthyTime()
    {
        var bucket = new AdaptiveTokenBucket(new SendRateSettings(), _controller);
        _controller.Limits = Unpaced with { IsWanted = true };

        Respond(bucket, SendPermit.Free, new SendResponse(SendFeedback.Unavailable), now: 3600, mayRest: true);
        Respond(bucket, SendPermit.Free, Accepted, now: 3600.1, mayRest: true);
        Assert.That(bucket.IsLimiting, "the limit was just found");

        Respond(bucket, SendPermit.Free, Accepted, now: 3660, mayRest: true);
        Assert.That(bucket.IsLimiting, Is.False, "nothing was refused for a minute");
    }

    [Test]
    public void OnResponse_ChanceTakenForOverload_RestsAtOnce()
    {
        var bucket = new AdaptiveTokenBucket(new SendRateSettings(), _controller);
        _controller.Limits = Unpaced with { IsWanted = true };
        Respond(bucket, SendPermit.Free, new SendResponse(SendFeedback.Unavailable), now: 3600, mayRest: true);

        _controller.Limits = Unpaced;
        Respond(bucket, SendPermit.Free, Accepted, now: 3600.1, mayRest: true);

        Assert.That(bucket.IsLimiting, Is.False);
    }

    /// <summary>Calls that began before the limiter was switched off still report.</summary>
    [TestCase(SendFeedback.Throttled)]
    [TestCase(SendFeedback.Crowded)]
    [TestCase(SendFeedback.Unavailable)]
    public void OnResponse_SwitchedOffMeanwhile_StaysDormant(SendFeedback feedback)
    {
        var bucket = Limiting(Unpaced with { IsWanted = true });
        bucket.Apply(new SendRateSettings { IsEnabled = false }, now: 1);

        Respond(bucket, SendPermit.Free, new SendResponse(feedback), now: 2);

        Assert.That(bucket.IsLimiting, Is.False);
    }

    [TestCase(10.0, 1)]
    [TestCase(double.PositiveInfinity, 50)]
    public void TryTake_ControllerCounts_IsNoFasterThanTheHighestRate(double maxRate, int expected)
    {
        var bucket = Limiting(Unpaced, new SendRateSettings(MaxRate: maxRate));
        bucket.Refill(isBacklogged: false, now: 0.1);

        var taken = Enumerable.Range(0, 50).Count(_ => bucket.TryTake(0.1, out var _));

        Assert.That(taken, Is.EqualTo(expected));
        Assert.That(bucket.StateAt(0.1, waiting: 0).IsUnpaced, "it is still the controller that counts");
    }

    [Test]
    public void OnResponse_AttemptsOnTheirWay_AreToldToTheController()
    {
        var bucket = Limiting(Unpaced);
        bucket.TryTake(1, out var permit);
        bucket.TryTake(1, out _);

        bucket.OnResponse(permit, Accepted, freeInFlight: 3, mayRest: false, now: 1);

        Assert.That(_controller.Reports[^1].InFlight, Is.EqualTo(4));
    }

    /// <summary>One answer that hangs must not hold all callers for ever.</summary>
    [Test]
    public void TryTake_OnlyAnAnswerCanTell_WaitsAsLongAsForAProbe()
    {
        var bucket = Limiting(Unpaced);
        Assert.That(TryTake(bucket, 10));
        _controller.Wait = double.PositiveInfinity;

        Assert.That(bucket.WaitFor(1, 10), Is.Zero, "no reason to refuse a call");
        Assert.That(bucket.NextLook(10), Is.EqualTo(60));
        Assert.That(bucket.NeedsAnswer(10));
        Assert.That(TryTake(bucket, 69.9), Is.False);
        Assert.That(_controller.Overdue, Is.Zero);
        Assert.That(TryTake(bucket, 70));
        Assert.That(_controller.Overdue, Is.EqualTo(1), "the answer is written off");
        Assert.That(TryTake(bucket, 70.1), Is.False, "one at a time");
    }

    /// <summary>While tokens are owed, attempts that need none go all the same, and pay for nobody.</summary>
    [Test]
    public void Prepay_TokensOwed_PaysNone()
    {
        var bucket = Limiting(Unpaced with { Rate = 2_000, Debt = 20 });
        bucket.Refill(isBacklogged: false, now: 0.001);

        Assert.That(bucket.TryTake(0.001, out _));
        Assert.That(bucket.Tokens, Is.LessThan(-10));
        Assert.That(bucket.Prepay(), Is.Zero);
    }

    private static SendLimits Unpaced => new(1) { IsUnpaced = true };

    /// <summary>Makes a bucket that was throttled at 0.</summary>
    private AdaptiveTokenBucket Limiting(SendLimits limits, SendRateSettings? settings = null, double hint = 0)
    {
        _controller.Limits = limits;
        var bucket = new AdaptiveTokenBucket(settings ?? new SendRateSettings(), _controller);
        Respond(bucket, default, Throttled with { ServerDelay = TimeSpan.FromSeconds(hint) }, now: 0);
        Assert.That(bucket.IsLimiting);
        _controller.Limits = limits with { CloseFor = 0, Debt = null };
        return bucket;
    }

    private static bool TryTake(AdaptiveTokenBucket bucket, double now)
    {
        bucket.Refill(isBacklogged: false, now);
        return bucket.TryTake(now, out _);
    }

    private static void Respond(
        AdaptiveTokenBucket bucket, SendPermit permit, SendResponse response, double now, bool mayRest = false) =>
        bucket.OnResponse(permit, response, freeInFlight: 0, mayRest, now);
}
