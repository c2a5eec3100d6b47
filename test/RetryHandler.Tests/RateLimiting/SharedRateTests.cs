using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

[TestFixture]
internal sealed class SharedRateTests
{
    [Test]
    public void Begin_Rate_IsCutAtOnce()
    {
        var shared = Begin(20);

        Assert.That(shared.Rate, Is.EqualTo(13).Within(1e-9));
    }

    [Test]
    public void OnRefused_Cluster_IsOneCutInTwoSeconds()
    {
        var shared = Begin(20);
        for (var i = 0; i < 30; i++)
        {
            shared.OnRefused(now: 1 + (0.01 * i));
        }

        Assert.That(shared.Rate, Is.EqualTo(13).Within(1e-9));
        shared.OnRefused(now: 2.99);
        Assert.That(shared.Rate, Is.EqualTo(13).Within(1e-9), "not yet two seconds");
        shared.OnRefused(now: 3);
        Assert.That(shared.Rate, Is.EqualTo(0.65 * 13).Within(1e-9));
    }

    [TestCase(5.0, 0.12)]
    [TestCase(10.0, 0.12)]
    [TestCase(40.0, 0.48, Description = "large rates grow by more: four times at four times 10/s")]
    [TestCase(2.0, 0.12)]
    [TestCase(0.5, 0.015, Description = "small rates grow by less: an eighth at a quarter of 2/s")]
    public void OnAccepted_SecondOfWaiting_AddsAStep(double rate, double expected)
    {
        var shared = Begin(rate / 0.65);

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
        var ratios = Enumerable.Range(1, 9).Select(seed => PlayTwo(rate, other, limit, seed)).Order().ToArray();

        TestContext.Out.WriteLine($"RATIOS {rate} {other}: {string.Join(' ', ratios.Select(r => r.ToString("0.00")))}");
        Assert.That(ratios[4], Is.InRange(0.66, 1.5), $"it was {rate / other} times as much");
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
        shared.OnRefused(now: 60);
        Assert.That(shared.IsAlone, Is.False);
    }

    [Test]
    public void Fall_Rate_IsTakenAndGivenTwoSeconds()
    {
        var shared = Begin(20);

        shared.Fall(rate: 4, now: 10);

        Assert.That(shared.Rate, Is.EqualTo(4));
        shared.OnRefused(now: 11.99);
        Assert.That(shared.Rate, Is.EqualTo(4));
        shared.OnRefused(now: 12);
        Assert.That(shared.Rate, Is.EqualTo(0.65 * 4).Within(1e-9));
    }

    /// <summary>Lets two share a bucket for half an hour.</summary>
    /// <returns>How many times as much as the other the first got, in the last two thirds of it.</returns>
    private static double PlayTwo(double rate, double other, double limit, int seed)
    {
        var accepts = ModelUpstream.Bucket(limit, burst: limit);
        SharedRate[] clients = [Begin(rate / 0.65), Begin(other / 0.65)];
        var random = new Random(seed);
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
                clients[i].OnRefused(now);
            }

            // Not quite even: otherwise it may be always the same who finds the bucket empty.
            next[i] = now + (random.Next(90, 110) / 100.0 / clients[i].Rate);
        }

        Assert.That(accepted.Sum() / 1_200.0, Is.GreaterThan(0.9 * limit), "the limit is used");
        return (double)accepted[0] / accepted[1];
    }

    private static SharedRate Begin(double rate)
    {
        var shared = default(SharedRate);
        shared.Begin(rate, now: 1);
        return shared;
    }
}
