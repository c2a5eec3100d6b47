using RetryHandler.RateLimiting;

namespace RetryHandler.Tests.RateLimiting;

/// <summary>Acceptances that are told by their number make the rate that they would have made one by one.</summary>
[TestFixture]
internal sealed class RecentAcceptancesTests
{
    [TestCase(1, 1)]
    [TestCase(100, 0.02)]
    [TestCase(1_000, 0.04)]
    [TestCase(1_000, 0.5)]
    [TestCase(200, 3)]
    [TestCase(20, 300)]
    public void RateAt_ToldByTheirNumber_IsAsOneByOne(double rate, double batch)
    {
        var (told, each) = (default(RecentAcceptances), default(RecentAcceptances));
        for (var start = 5.0; start < 5 + Math.Max(3, 2 * batch); start += batch)
        {
            var count = (int)Math.Round(rate * batch);
            for (var i = 1; i <= count; i++)
            {
                each.Add(start + (i / rate));
            }

            told.Add(new CountedAcceptances(count, 0, start), start + batch);
            Assert.That(
                told.RateAt(start + batch), Is.EqualTo(each.RateAt(start + batch)).Within(1 + (0.01 * rate)));
        }
    }

    /// <summary>Rare acceptances are told when they come.</summary>
    [Test]
    public void Add_Single_CameJustNow()
    {
        var recent = default(RecentAcceptances);
        recent.Add(now: 7);
        recent.Add(new CountedAcceptances(1, 0, From: 3), now: 7);

        Assert.That(recent.RateAt(7), Is.EqualTo(2).Within(1e-9));
    }
}
