using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

[TestFixture]
internal sealed class RefusalRunTests
{
    private RefusalRun _run;

    [TestCase(10, true)]
    [TestCase(9, false)]
    public void Add_ManyAcceptancesBefore_BeginsARun(int accepted, bool expected)
    {
        _run.Add(1, 0.1, rate: 20);

        _run.Add(accepted, 0.5, rate: 20);

        Assert.That(_run.IsNew, Is.EqualTo(expected));
        Assert.That((_run.Count, _run.Time), Is.EqualTo(expected ? (0, 0) : (10, 0.6)));
    }

    [TestCase(0, 0.19, false, false, Description = "fewer than four sends")]
    [TestCase(0, 0.2, true, false)]
    [TestCase(1, 0.2, true, false)]
    [TestCase(2, 0.2, false, false, Description = "with one token more or less it may be both")]
    [TestCase(3, 0.2, false, true)]
    [TestCase(5, 0.5, true, false)]
    [TestCase(6, 0.5, false, false)]
    [TestCase(7, 0.5, false, true)]
    public void Add_Refusal_ShowsWhetherTheRateHasFallen(int accepted, double elapsed, bool hasFallen, bool isClear)
    {
        _run.Add(accepted, elapsed, rate: 20);

        Assert.That((_run.HasFallen, _run.IsClear), Is.EqualTo((hasFallen, isClear)));
    }

    [Test]
    public void Add_SeveralRefusals_CountTogether()
    {
        _run.Add(1, 0.1, rate: 20);
        Assert.That(_run.HasFallen, Is.False);

        _run.Add(0, 0.15, rate: 20);

        Assert.That(_run.HasFallen);
        Assert.That(_run.Rate, Is.EqualTo(6).Within(1e-9), "one, and half a token that is on its way");
    }

    [Test]
    public void Add_AfterAFall_BeginsARun()
    {
        _run.Add(0, 1, rate: 20);

        _run.Add(0, 1, rate: 10);

        Assert.That(_run.IsNew);
        Assert.That(_run.HasFallen, Is.False);
    }

    [Test]
    public void End_Run_IsForgotten()
    {
        _run.Add(0, 1, rate: 20);

        _run.End();

        Assert.That((_run.IsNew, _run.IsClear, _run.HasFallen), Is.EqualTo((true, false, false)));
    }
}
