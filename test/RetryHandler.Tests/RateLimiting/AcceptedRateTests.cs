using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

[TestFixture]
internal sealed class AcceptedRateTests
{
    [Test]
    public void RateAt_Acceptances_AreCountedOverTheTimeSinceTheStart()
    {
        var accepted = Counted(30, since: 5);

        Assert.That(accepted.Count, Is.EqualTo(30));
        Assert.That(accepted.Elapsed(7), Is.EqualTo(2));
        Assert.That(accepted.RateAt(7), Is.EqualTo(15));
    }

    [Test]
    public void RateAt_NoTimeHasPassed_IsZero() => Assert.That(Counted(3, since: 5).RateAt(5), Is.Zero);

    [TestCase(7.9, false)]
    [TestCase(8.0, true)]
    [TestCase(10.0, true)]
    public void WasBusy_ShareOfTheTime_NeedsFourFifths(double busyTime, bool expected) =>
        Assert.That(new AcceptedRate(0, busyTime: 100).WasBusy(10, 100 + busyTime), Is.EqualTo(expected));

    private static AcceptedRate Counted(int count, double since)
    {
        var accepted = new AcceptedRate(since, busyTime: 0);
        for (var i = 0; i < count; i++)
        {
            accepted.Add();
        }

        return accepted;
    }
}
