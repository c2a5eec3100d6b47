using System.Text;
using RetryHandler.Classification;

namespace RetryHandler.Tests.Classification;

/// <summary>What several hints in one body come to.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class BodyHintsTests
{
    [TestCase("PerDay", null, true, false)]
    [TestCase("PerDay", "PerDay", true, false)]
    [TestCase("PerDay", "PerMinute", true, true)]
    [TestCase("PerMinute", "PerDay", true, true)]
    [TestCase("PerMinute", "PerMinute", false, true)]
    public void Add_Quotas_AreRemembered(string first, string? second, bool isLong, bool isShort)
    {
        var hints = Add(KeyName.QuotaId, first, second);

        Assert.That((hints.IsLongQuota, hints.IsShortQuota), Is.EqualTo((isLong, isShort)));
    }

    [TestCase("daily", null, true)]
    [TestCase("daily", "burst", true)]
    [TestCase("burst", "daily", true)]
    [TestCase("daily", "daily", true)]
    [TestCase("burst", "hour", false)]
    public void Add_ViolatedPolicies_AreListed(string first, string? second, bool isLong)
    {
        var hints = Add(KeyName.ViolatedPolicies, first, second);

        Assert.That(hints.IsLongQuota, Is.EqualTo(isLong));
        Assert.That(hints.ViolatedPolicies, Is.EqualTo(new[] { first, second }.Where(static name => name is not null)));
    }

    [Test]
    public void Add_ManyPolicies_ListsEight()
    {
        var hints = default(BodyHints);
        for (var i = 0; i < 20; i++)
        {
            hints.Add(KeyName.ViolatedPolicies, Encoding.UTF8.GetBytes($"{i}"));
        }

        Assert.That(hints.ViolatedPolicies, Has.Count.EqualTo(8));
    }

    [TestCase(64, 7)]
    [TestCase(65, null, Description = "what is longer is no delay")]
    public void Add_LongText_IsCutNowhere(int length, double? seconds)
    {
        var hints = Add(KeyName.RetryAfter, "7".PadRight(length), null);

        Assert.That(hints.Delay.From(default)?.TotalSeconds, Is.EqualTo(seconds));
    }

    [TestCase("10", "4", "2", 3)]
    [TestCase("10", "4", "0", null)]
    [TestCase("4", "10", "2", null, Description = "there is enough")]
    [TestCase("10", "4", null, null)]
    public void Delay_Costs_AreThePointsThatAreMissing(string requested, string available, string? rate, double? seconds)
    {
        var hints = Add(KeyName.RequestedCost, requested, null);
        hints.Add(KeyName.AvailableCost, Encoding.UTF8.GetBytes(available));
        if (rate is not null)
        {
            hints.Add(KeyName.RestoreRate, Encoding.UTF8.GetBytes(rate));
        }

        Assert.That(hints.Delay.From(default)?.TotalSeconds, Is.EqualTo(seconds));
    }

    private static BodyHints Add(KeyName name, string first, string? second)
    {
        var hints = default(BodyHints);
        hints.Add(name, Encoding.UTF8.GetBytes(first));
        if (second is not null)
        {
            hints.Add(name, Encoding.UTF8.GetBytes(second));
        }

        return hints;
    }
}
