using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

[TestFixture]
internal sealed class BudgetPaceTests
{
    private BudgetPace _pace = new();

    [TestCase(10, 5, 2)]
    [TestCase(10, 0, 500)]
    [TestCase(10, -1, 500)]
    public void ByTime_Alone_SpreadsTheCredit(double credit, double time, double pace) =>
        Assert.That(_pace.ByTime(credit, time), Is.EqualTo(pace).Within(1e-9));

    [Test]
    public void Count_OthersSpendThreeQuarters_LeavesNearlyAQuarter()
    {
        for (var i = 0; i < 500; i++)
        {
            _pace.Count(spent: 4, isBusy: true);
        }

        Assert.That(_pace.ByTime(100, 1), Is.InRange(25, 30), "a little more, to become equal");
    }

    [Test]
    public void Count_NobodyWaits_ClaimsEverythingAgain()
    {
        for (var i = 0; i < 500; i++)
        {
            _pace.Count(spent: 100, isBusy: true);
        }

        Assert.That(_pace.ByTime(100, 1), Is.LessThan(3));
        _pace.Count(spent: 100, isBusy: false);
        Assert.That(_pace.ByTime(100, 1), Is.EqualTo(100));
    }

    [TestCase(0, Description = "it was renewed, or others gave back")]
    [TestCase(-50)]
    [TestCase(1)]
    public void Count_NoMoreSpentThanOnesOwn_IsAlone(double spent)
    {
        for (var i = 0; i < 500; i++)
        {
            _pace.Count(spent, isBusy: true);
        }

        Assert.That(_pace.ByTime(100, 1), Is.EqualTo(100));
    }

    [Test]
    public void Adapt_MuchStays_DoublesUntilLittleIsLeftAndThenGrowsByEqualSteps()
    {
        Assert.That(_pace.ByLevel(10), Is.EqualTo(10));
        _pace.Adapt(level: 0.9, roundTrip: 0.05);
        _pace.Adapt(level: 0.9, roundTrip: 0.05);
        Assert.That(_pace.ByLevel(10), Is.EqualTo(40));

        _pace.Adapt(level: 0.2, roundTrip: 0.05);
        Assert.That(_pace.ByLevel(10), Is.EqualTo(36));
        _pace.Adapt(level: 0.9, roundTrip: 0.05);
        Assert.That(_pace.ByLevel(10), Is.EqualTo(36.5).Within(1e-9));
    }

    [Test]
    public void Adapt_ForEver_StaysWithinItsBounds()
    {
        Repeat(level: 1, times: 1000);
        Assert.That(_pace.ByLevel(1), Is.EqualTo(50));

        Repeat(level: 0, times: 1000);
        Assert.That(_pace.ByLevel(1), Is.EqualTo(1));

        Repeat(level: double.NaN, times: 10);
        Assert.That(_pace.ByLevel(1), Is.EqualTo(1));
    }

    /// <summary>The one that came last gets as much as the others, as far as it is up to the multiple.</summary>
    [Test]
    public void Adapt_TwoOnOneBucket_BecomeEqual()
    {
        var late = new BudgetPace();
        Repeat(level: 0.9, times: 4);
        late.Adapt(level: 0.2, roundTrip: 0.05);
        Assert.That(_pace.ByLevel(1) / late.ByLevel(1), Is.EqualTo(16));

        for (var i = 0; i < 20_000; i++)
        {
            // Both see the same level, which is low when both together ask for too much.
            var level = _pace.ByLevel(1) + late.ByLevel(1) > 20 ? 0.2 : 0.5;
            _pace.Adapt(level, roundTrip: 0.05);
            late.Adapt(level, roundTrip: 0.05);
        }

        Assert.That(_pace.ByLevel(1) / late.ByLevel(1), Is.EqualTo(1).Within(0.01));
    }

    private void Repeat(double level, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _pace.Adapt(level, roundTrip: 0.05);
        }
    }
}
