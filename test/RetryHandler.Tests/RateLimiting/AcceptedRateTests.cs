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

    /// <summary>Nobody had anything to send for a second: all were told to come later.</summary>
    [TestCase(0.25, 49 / 0.25)]
    [TestCase(0.41, 49 / 0.41)]
    [TestCase(0.42, 40.0, Description = "they waited for more than a third of the time")]
    [TestCase(0.0, 40.0, Description = "nobody ever waited")]
    public void BusyRateAt_Silence_DoesNotCount(double busyTime, double expected)
    {
        var accepted = new AcceptedRate(now: 5, busyTime: 100);
        for (var i = 0; i < 50; i++)
        {
            accepted.Add(busyTime: i == 0 ? 0 : 0.005);
        }

        Assert.That(accepted.RateAt(6.25), Is.EqualTo(40));
        Assert.That(accepted.BusyRateAt(6.25, 100 + busyTime), Is.EqualTo(expected).Within(1e-9));
    }

    [Test]
    public void BusyRateAt_MoreWasAcceptedWhileNobodyWaited_IsTheRateOfAll() =>
        Assert.That(Counted(30, since: 5).BusyRateAt(7, busyTime: 0.5), Is.EqualTo(15));

    [TestCase(7.9, false)]
    [TestCase(8.0, true)]
    [TestCase(10.0, true)]
    public void WasBusy_ShareOfTheTime_NeedsFourFifths(double busyTime, bool expected) =>
        Assert.That(new AcceptedRate(0, busyTime: 100).WasBusy(10, 100 + busyTime), Is.EqualTo(expected));

    /// <summary>Who was told to come later does not wait at the limiter, and wants to send all the same.</summary>
    [TestCase(0.9, false)]
    [TestCase(1.0, true)]
    public void WasBusy_DoorWasClosed_CountsThatTimeAsBusy(double closed, bool expected)
    {
        var accepted = new AcceptedRate(0, busyTime: 100);

        accepted.AddClosedTime(closed);

        Assert.That(accepted.WasBusy(10, busyTime: 107), Is.EqualTo(expected));
    }

    private static AcceptedRate Counted(int count, double since)
    {
        var accepted = new AcceptedRate(since, busyTime: 0);
        for (var i = 0; i < count; i++)
        {
            accepted.Add(busyTime: 0);
        }

        return accepted;
    }
}
