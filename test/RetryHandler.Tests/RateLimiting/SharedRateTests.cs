using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

[TestFixture]
internal sealed class SharedRateTests
{
    [Test]
    public void Begin_Rate_IsCutAtOnce()
    {
        var shared = Begin(20);

        Assert.That(shared.Rate, Is.EqualTo(15.6).Within(1e-9));
    }

    [Test]
    public void Begin_AtAnyTime_IsCutAtOnce() => Assert.That(
        Enumerable.Range(0, 10_000).Where(static i => Begin(20, 0.0123 * i).Rate is not (> 15.59 and < 15.61)), Is.Empty);

    [Test]
    public void OnRefused_Cluster_IsOneCutInFourSeconds()
    {
        var shared = Begin(20);
        for (var i = 0; i < 30; i++)
        {
            shared.OnRefused(now: 1 + (0.01 * i));
        }

        Assert.That(shared.Rate, Is.EqualTo(15.6).Within(1e-9));
        shared.OnRefused(now: 4.99);
        Assert.That(shared.Rate, Is.EqualTo(15.6).Within(1e-9), "not yet four seconds");
        shared.OnRefused(now: 5);
        Assert.That(shared.Rate, Is.EqualTo(0.78 * 15.6).Within(1e-9));
    }

    [TestCase(5.0, 0.11)]
    [TestCase(7.0, 0.11)]
    [TestCase(14.0, 0.44, Description = "large rates grow by more: four times at twice 7/s")]
    [TestCase(20.0, 0.11 * 400 / 49)]
    [TestCase(160.0, 4 * 0.11 * 400 / 49, Description = "four times at eight times 20/s")]
    [TestCase(3.0, 0.11)]
    [TestCase(0.75, 0.0275, Description = "small rates grow by less: a quarter at a quarter of 3/s")]
    public void OnAccepted_SecondOfWaiting_AddsAStep(double rate, double expected)
    {
        var shared = Begin(rate / 0.78);

        shared.OnAccepted(1);
        Assert.That(shared.Rate - rate, Is.EqualTo(expected).Within(1e-9));
        shared.OnAccepted(busyTime: 0);
        Assert.That(shared.Rate - rate, Is.EqualTo(expected).Within(1e-9), "nobody waited");
    }

    [TestCase(30.0, 5.0, 40.0)]
    [TestCase(5.0, 30.0, 20.0)]
    [TestCase(150.0, 20.0, 200.0)]
    [TestCase(4.0, 0.5, 3.0)]
    [Slow]
    public void Rate_TwoOnOneBucket_BecomeEven(double rate, double other, double limit)
    {
        var ratios = Enumerable.Range(1, 9).Select(seed => PlayTwo(rate, other, limit, seed)).Order().ToArray();

        TestContext.Out.WriteLine($"RATIOS {rate} {other}: {string.Join(' ', ratios.Select(r => r.ToString("0.00")))}");
        Assert.That(ratios[4], Is.InRange(0.66, 1.5), $"it was {rate / other} times as much");
    }

    [Test]
    public void OnAccepted_BackWhereItWasRefused_GrowsWithTheSquareOfTheTime()
    {
        const double back = 0.22 * 5 / 0.11;
        var shared = Begin(5);

        shared.OnAccepted(back);
        Assert.That(shared.Rate, Is.EqualTo(5).Within(1e-9), "in equal steps");
        shared.OnAccepted(back);
        Assert.That(shared.Rate - 5, Is.EqualTo(4 * 0.22 * 5).Within(1e-9), "after twice the time four times as much");
        shared.OnRefused(now: 60);
        var cut = shared.Rate;
        shared.OnAccepted(1);

        Assert.That(shared.Rate - cut, Is.LessThan(0.2), "equal steps again");
    }

    [TestCase(0.5, 48.0, Description = "twelve sends at 0.5/s are 24 s; below 1/s as many more")]
    [TestCase(1.0, 12.0)]
    public void OnAccepted_SmallShare_GrowsEvenlyForTwelveSendsAtLeast(double rate, double seconds)
    {
        var (even, faster) = (Begin(rate), Begin(rate));
        var step = even.Rate;
        even.OnAccepted(0.1);
        step = (even.Rate - step) * 10;

        faster.OnAccepted(seconds);
        Assert.That(faster.Rate - (0.78 * rate), Is.EqualTo(seconds * step).Within(1e-9));
        faster = Begin(rate);
        faster.OnAccepted(2 * seconds);
        Assert.That(faster.Rate - (0.78 * rate), Is.EqualTo(4 * 2 * seconds * step).Within(1e-9));
    }

    [TestCase(20.0, 60.0, Description = "a minute")]
    [TestCase(7.0, 60.0, Description = "four times 14 s are less")]
    [TestCase(1000.0, 72.2074, Description = "four times 18.1 s")]
    public void IsAlone_NoRefusal_ForAMinuteAndFourReturns(double rate, double seconds)
    {
        var shared = Begin(rate);

        shared.OnAccepted(seconds - 0.1);
        Assert.That(shared.IsAlone, Is.False);
        shared.OnAccepted(0.2);
        Assert.That(shared.IsAlone);
        shared.OnRefused(now: 300);
        Assert.That(shared.IsAlone, Is.False);
    }

    [Test]
    public void Fall_Rate_IsTakenAndGivenFourSeconds()
    {
        var shared = Begin(20);

        shared.Fall(rate: 4, now: 10);

        Assert.That(shared.Rate, Is.EqualTo(4));
        shared.OnRefused(now: 13.99);
        Assert.That(shared.Rate, Is.EqualTo(4));
        shared.OnRefused(now: 14);
        Assert.That(shared.Rate, Is.EqualTo(0.78 * 4).Within(1e-9));
    }

    /// <summary>Lets two share a bucket for half an hour.</summary>
    /// <returns>How many times as much as the other the first got, in the last two thirds of it.</returns>
    private static double PlayTwo(double rate, double other, double limit, int seed)
    {
        var accepts = ModelUpstream.Bucket(limit, burst: limit);
        SharedRate[] clients = [Begin(rate / 0.78), Begin(other / 0.78)];
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

    private static SharedRate Begin(double rate, double now = 1)
    {
        var shared = default(SharedRate);
        shared.Begin(rate, now);
        return shared;
    }
}
