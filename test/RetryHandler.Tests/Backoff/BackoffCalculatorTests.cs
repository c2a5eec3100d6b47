using RetryHandler.Backoff;

namespace RetryHandler.Tests.Backoff;

[TestFixture]
internal sealed class BackoffCalculatorTests
{
    [TestCase(BackoffKind.Exponential, new[] { 1.0, 2, 4, 8, 10, 10 })]
    [TestCase(BackoffKind.Linear, new[] { 1.0, 2, 3, 4, 5, 6 })]
    [TestCase(BackoffKind.Constant, new[] { 1.0, 1, 1, 1, 1, 1 })]
    public void Compute_EachKind_Grows(BackoffKind kind, double[] seconds)
    {
        var settings = new BackoffSettings(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), kind, JitterKind.None);

        var delays = Enumerable.Range(0, 6).Select(i => BackoffCalculator.Compute(settings, i, 0.5).TotalSeconds);

        Assert.That(delays, Is.EqualTo(seconds));
    }

    [TestCase(JitterKind.Full, 0, 0)]
    [TestCase(JitterKind.Full, 0.25, 2)]
    [TestCase(JitterKind.Equal, 0, 4)]
    [TestCase(JitterKind.Equal, 0.5, 6)]
    [TestCase(JitterKind.None, 0.5, 8)]
    public void Compute_EachJitter_SpreadsBelowTheDelay(JitterKind jitter, double random, double seconds)
    {
        var settings = new BackoffSettings(
            TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(20), BackoffKind.Exponential, jitter);

        Assert.That(BackoffCalculator.Compute(settings, 0, random), Is.EqualTo(TimeSpan.FromSeconds(seconds)));
    }

    [TestCase(JitterKind.Full, 0, 3)]
    [TestCase(JitterKind.Full, 0.5, 5.5)]
    [TestCase(JitterKind.Full, 1, 8)]
    [TestCase(JitterKind.Equal, 0, 4)]
    [TestCase(JitterKind.None, 0.5, 8)]
    public void Compute_Floor_IsWhereTheJitterBegins(JitterKind jitter, double random, double seconds)
    {
        var settings = new BackoffSettings(
            TimeSpan.FromSeconds(8),
            TimeSpan.FromSeconds(20),
            Jitter: jitter,
            MinDelay: TimeSpan.FromSeconds(3));

        Assert.That(BackoffCalculator.Compute(settings, 0, random), Is.EqualTo(TimeSpan.FromSeconds(seconds)));
    }

    [Test]
    public void Compute_FloorAboveTheDelay_IsTheWait([Values] JitterKind jitter)
    {
        var settings = new BackoffSettings(
            TimeSpan.FromSeconds(1),
            TimeSpan.FromSeconds(20),
            Jitter: jitter,
            MinDelay: TimeSpan.FromSeconds(3));

        Assert.That(BackoffCalculator.Compute(settings, 0, 0.5), Is.EqualTo(TimeSpan.FromSeconds(3)));
    }

    [TestCase(0.5, new[] { 0.5, 1, 2, 4, 8, 10 })]
    [TestCase(1, new[] { 1.0, 2, 4, 8, 10, 10 })]
    [TestCase(2, new[] { 2.0, 4, 8, 10, 10, 10 })]
    public void Compute_Adaptive_IsScaledBelowTheCap(double factor, double[] seconds)
    {
        var settings = new BackoffSettings(
            TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), BackoffKind.Adaptive, JitterKind.None);

        var delays = Enumerable.Range(0, 6).Select(
            i => BackoffCalculator.Compute(settings, i, 0.5, factor).TotalSeconds);

        Assert.That(delays, Is.EqualTo(seconds));
    }

    [Test]
    public void Compute_HugeRetryIndex_StaysAtTheCap()
    {
        var settings = new BackoffSettings(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));

        Assert.That(BackoffCalculator.Compute(settings, 10_000, 1), Is.EqualTo(TimeSpan.FromSeconds(20)));
    }

    [Test]
    public void Compute_ManySeeds_StaysWithinZeroAndTheCap()
    {
        var random = new Random(1);
        for (var i = 0; i < 100_000; i++)
        {
            var cap = TimeSpan.FromMilliseconds(random.Next(0, 100_000));
            var settings = new BackoffSettings(
                TimeSpan.FromMilliseconds(random.Next(0, 10_000)),
                cap,
                (BackoffKind)random.Next(3),
                (JitterKind)random.Next(3));

            var delay = BackoffCalculator.Compute(settings, random.Next(0, 100), random.NextDouble());

            Assert.That(delay, Is.InRange(TimeSpan.Zero, cap + TimeSpan.FromTicks(1)));
        }
    }

    [Test]
    public void Combine_ServerDelay_NeverEarlierAndAtMostASecondLater()
    {
        var random = new Random(1);
        for (var i = 0; i < 100_000; i++)
        {
            var asked = TimeSpan.FromMilliseconds(random.Next(1, 100_000));

            var delay = BackoffCalculator.Combine(TimeSpan.Zero, asked, null, random.NextDouble());

            Assert.That(delay, Is.InRange(asked, asked + TimeSpan.FromSeconds(1) + TimeSpan.FromTicks(1)));
        }
    }

    [Test]
    public void Combine_HugeServerDelay_DoesNotOverflow() =>
        Assert.That(
            BackoffCalculator.Combine(TimeSpan.Zero, TimeSpan.FromDays(1), TimeSpan.MaxValue, 1),
            Is.GreaterThanOrEqualTo(TimeSpan.FromDays(1)));
}
