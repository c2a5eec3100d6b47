using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

/// <summary>Neither the number of what was counted is lost, nor the rate of the last second.</summary>
[TestFixture]
internal sealed class UntoldAcceptancesTests
{
    [TestCase(100, 0.02, 0.5)]
    [TestCase(1_000, 0.02, 0.02)]
    [TestCase(1_000, 0.04, 0.32)]
    [TestCase(1_000, 0.01, 3)]
    [TestCase(1_000, 0.02, 30)]
    public void Take_SteadyRate_TellsTheirNumberAndTheirRate(double rate, double batch, double seconds)
    {
        var untold = new UntoldAcceptances();
        var count = 0;
        for (var at = 5.0; at < 5 + seconds - 1e-9; at += batch)
        {
            untold.Add((int)Math.Round(rate * batch), at, at + batch);
            count += (int)Math.Round(rate * batch);
        }

        var (earlier, since, recent) = untold.Take(5 + seconds);

        // What a controller makes of them: an exponential average with a time constant of one second.
        var told = (earlier * Math.Exp(since - 5 - seconds)) + recent;
        var exact = rate * (1 - Math.Exp(-seconds));
        Assert.Multiple(() =>
        {
            Assert.That(earlier + recent, Is.EqualTo(count));
            Assert.That(since, Is.EqualTo(5).Within(1e-9));
            Assert.That(told, Is.EqualTo(exact).Within(1 + (0.03 * exact)));
            Assert.That(untold.IsEmpty);
        });
    }

    /// <summary>Rare acceptances are told one by one, when they come.</summary>
    [Test]
    public void Take_OneAcceptance_CameJustNow()
    {
        var untold = new UntoldAcceptances();
        untold.Add(1, from: 3, to: 7);

        var (earlier, _, recent) = untold.Take(7);

        Assert.That((earlier, recent), Is.EqualTo((0, 1)));
    }

    /// <summary>A batch that came in slowly is no burst: 300 acceptances in 300 s are one a second.</summary>
    [Test]
    public void Take_ABatchOverALongTime_IsNoBurst()
    {
        var untold = new UntoldAcceptances();
        untold.Add(300, from: 0, to: 300);

        var (earlier, _, recent) = untold.Take(300);

        Assert.That((earlier, recent), Is.EqualTo((0, 1)));
    }

    [Test]
    public void Take_LongAfterwards_ForgetsThem()
    {
        var untold = new UntoldAcceptances();
        untold.Add(1_000, from: 0, to: 1);

        var (earlier, _, recent) = untold.Take(120);

        Assert.That((earlier, recent), Is.EqualTo((0, 0)));
    }

    /// <summary>Whoever tells them holds the limiter's lock meanwhile.</summary>
    [Test]
    public void Take_VeryMany_TellsABoundedNumber()
    {
        var untold = new UntoldAcceptances();
        for (var i = 0; i < 100; i++)
        {
            untold.Add(1_000_000, i * 0.01, (i + 1) * 0.01);
        }

        var (earlier, _, recent) = untold.Take(1);

        Assert.That(earlier + recent, Is.LessThanOrEqualTo(200_000));
        Assert.That(recent, Is.GreaterThan(50_000));
    }
}
