using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

[TestFixture]
internal sealed class SharedRateTests
{
    [Test]
    public void Begin_Rate_IsCutAtOnce()
    {
        var shared = Begin(20);

        Assert.That(shared.Rate, Is.EqualTo(14).Within(1e-9));
    }

    [Test]
    public void OnRefused_Cluster_IsOneCutInTwoSeconds()
    {
        var shared = Begin(20);
        for (var i = 0; i < 30; i++)
        {
            shared.OnRefused();
        }

        Assert.That(shared.Rate, Is.EqualTo(14).Within(1e-9));
        shared.OnAccepted(1.99);
        var before = shared.Rate;
        shared.OnRefused();
        Assert.That(shared.Rate, Is.EqualTo(before), "not yet two seconds");
        shared.OnAccepted(0.011);
        before = shared.Rate;
        shared.OnRefused();
        Assert.That(shared.Rate, Is.EqualTo(0.7 * before).Within(1e-9));
    }

    [TestCase(5.0, 0.12)]
    [TestCase(20.0, 0.12)]
    [TestCase(40.0, 0.24, Description = "six thousandths of the rate")]
    [TestCase(2.0, 0.12)]
    [TestCase(0.5, 0.015, Description = "small rates grow by less: an eighth at a quarter of 2/s")]
    public void OnAccepted_SecondOfWaiting_AddsAStep(double rate, double expected)
    {
        var shared = Begin(rate / 0.7);

        shared.OnAccepted(1);
        Assert.That(shared.Rate - rate, Is.EqualTo(expected).Within(1e-9));
        shared.OnAccepted(busyTime: 0);
        Assert.That(shared.Rate - rate, Is.EqualTo(expected).Within(1e-9), "nobody waited");
    }

    [TestCase(30.0, 5.0, 40.0)]
    [TestCase(5.0, 30.0, 20.0)]
    [TestCase(150.0, 20.0, 200.0)]
    [TestCase(4.0, 0.5, 3.0)]
    public void Rate_TwoOnOneBucket_BecomeEven(double rate, double other, double limit)
    {
        var accepts = ModelUpstream.Bucket(limit, burst: limit);
        SharedRate[] clients = [Begin(rate / 0.7), Begin(other / 0.7)];
        var next = new double[2];
        var accepted = new int[2];
        while (next.Min() < 1_800)
        {
            var i = next[0] <= next[1] ? 0 : 1;
            var (now, wait) = (next[i], 1 / clients[i].Rate);
            if (accepts(now))
            {
                clients[i].OnAccepted(wait);
                accepted[i] += now >= 600 ? 1 : 0;
            }
            else
            {
                clients[i].OnRefused();
            }

            next[i] = now + (1 / clients[i].Rate);
        }

        Assert.That((double)accepted[0] / accepted[1], Is.InRange(0.66, 1.5), $"it was {rate / other} times as much");
        Assert.That(accepted.Sum() / 1_200.0, Is.GreaterThan(0.9 * limit), "the limit is used");
    }

    [TestCase(401, 40.1, true)]
    [TestCase(400, 40.1, false)]
    [TestCase(401, 39.9, false)]
    public void IsAlone_NoRefusal_For40SecondsAnd400Acceptances(int accepted, double seconds, bool expected)
    {
        var shared = Begin(20);
        for (var i = 0; i < accepted; i++)
        {
            shared.OnAccepted(seconds / accepted);
        }

        Assert.That(shared.IsAlone, Is.EqualTo(expected));
        shared.OnRefused();
        Assert.That(shared.IsAlone, Is.False);
    }

    private static SharedRate Begin(double rate)
    {
        var shared = default(SharedRate);
        shared.Begin(rate);
        return shared;
    }
}
