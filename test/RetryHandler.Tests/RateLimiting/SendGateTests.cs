using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

[TestFixture]
internal sealed class SendGateTests
{
    private SendGate _gate;

    [Test]
    public void CanPass_NeverClosed_IsTrueAndNobodyIsAProbe()
    {
        Assert.That(_gate.IsClosed, Is.False);
        Assert.That(_gate.CanPass(3));
        Assert.That(_gate.Pass(3), Is.False);
        Assert.That(_gate.CanPass(3));
        Assert.That((_gate.WaitFor(3), _gate.NextLook(3)), Is.EqualTo((0, 0)));
    }

    [Test]
    public void CanPass_Closed_WaitsForTheNamedInstant()
    {
        _gate.Close(5, isNamed: true, now: 10);

        Assert.That(_gate.WaitFor(12), Is.EqualTo(3));
        Assert.That(_gate.NextLook(12), Is.EqualTo(3));
        Assert.That(_gate.CanPass(14.999), Is.False);
        Assert.That(_gate.CanPass(15));
        Assert.That(_gate.IsClosed, "only an acceptance opens it");
    }

    [Test]
    public void Close_ForADay_LastsTenMinutes()
    {
        _gate.Close(86_400, isNamed: true, now: 0);

        Assert.That(_gate.CanPass(599), Is.False);
        Assert.That(_gate.CanPass(600));
    }

    [Test]
    public void Pass_AfterTheInstant_IsOneProbeAndTheOthersWaitForItsAnswer()
    {
        _gate.Close(5, isNamed: true, now: 0);

        Assert.That(_gate.Pass(5));
        Assert.That(_gate.CanPass(5), Is.False);
        Assert.That(_gate.WaitFor(5), Is.Zero, "the named instant has passed");
        Assert.That(_gate.NextLook(6), Is.EqualTo(59));
        Assert.That(_gate.CanPass(65), "a probe without an answer is given up");
    }

    [Test]
    public void Lose_ProbeOnItsWay_MakesTheNextAttemptTheProbe()
    {
        _gate.Close(5, isNamed: true, now: 0);
        _gate.Pass(5);

        _gate.Lose(new SendPermit(HasToken: true, IsProbe: false, GrantedAt: 0));
        Assert.That(_gate.CanPass(5), Is.False, "another attempt says nothing of the probe");

        _gate.Lose(new SendPermit(HasToken: true, IsProbe: true, GrantedAt: 5));

        Assert.That(_gate.CanPass(5));
        Assert.That(_gate.Pass(5));
    }

    [Test]
    public void Open_Closed_LetsEverybodyPass()
    {
        _gate.Close(5, isNamed: true, now: 0);
        _gate.Pass(5);

        _gate.Open();

        Assert.That(_gate.IsClosed, Is.False);
        Assert.That(_gate.CanPass(5));
        Assert.That(_gate.Pass(5), Is.False);
    }

    [Test]
    public void Close_AfterAProbe_ClosesForThatProbesRefusal()
    {
        _gate.Close(5, isNamed: true, now: 0);
        _gate.Pass(5);

        _gate.Close(7, isNamed: true, now: 6);

        Assert.That(_gate.NextLook(6), Is.EqualTo(7));
        Assert.That(_gate.CanPass(13));
    }

    [TestCase(9.9, true, false)]
    [TestCase(10.0, true, true)]
    [TestCase(0.0, false, true, Description = "without a token nothing is known of when it was sent")]
    public void IsNews_AttemptGrantedAt_KnowsWhatTheClosingDidNot(double grantedAt, bool hasToken, bool expected)
    {
        _gate.Close(5, isNamed: true, now: 10);

        Assert.That(_gate.IsNews(new SendPermit(hasToken, IsProbe: false, grantedAt)), Is.EqualTo(expected));
    }

    /// <summary>A slow success from before the first throttle let everybody go long before the named instant.</summary>
    [Test]
    public void Move_AcceptanceFromWhileDormant_LeavesItClosed()
    {
        _gate.Close(120, isNamed: true, now: 10);

        Assert.That(_gate.Move(SendPermit.Free, isAccepted: true), Is.False);
        Assert.That(_gate.WaitFor(35), Is.EqualTo(95));
    }
}
