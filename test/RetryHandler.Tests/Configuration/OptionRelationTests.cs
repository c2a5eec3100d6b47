using RetryHandler.Configuration;
using RetryHandler.RateLimiting;
using RetryHandler.State;

namespace RetryHandler.Tests.Configuration;

/// <summary>Values that are allowed alone but not together.</summary>
[TestFixture]
internal sealed class OptionRelationTests
{
    private readonly AdaptiveRetryOptions _options = new();

    [Test]
    public void Check_InheritedFloorAboveOwnCap_IsToldOfTheNarrowerKind()
    {
        _options.Transient.MinDelay = TimeSpan.FromSeconds(1);
        _options.TransientTimeout.MaxDelay = TimeSpan.FromSeconds(0.5);

        AssertBroken("TransientTimeout.MinDelay (00:00:01) is longer than TransientTimeout.MaxDelay (00:00:00.5000000); "
            + "raise MaxDelay or lower it");
    }

    /// <summary>The floor is said once, where it was set, and not for every kind that inherits both.</summary>
    [Test]
    public void Check_FloorAboveCapOfTheSameKind_IsToldOnce()
    {
        _options.Transient.MinDelay = TimeSpan.FromSeconds(30);

        AssertBroken(
            "Transient.MinDelay (00:00:30) is longer than Transient.MaxDelay (00:00:20); raise MaxDelay or lower it");
    }

    [Test]
    public void Check_InheritedBaseDelayAboveOwnCap_IsOnlyCapped()
    {
        _options.Transient.BaseDelay = TimeSpan.FromSeconds(1);
        _options.TransientTimeout.MaxDelay = TimeSpan.FromSeconds(0.5);

        Assert.That(OptionRules.Check("orders", _options), Is.Empty);
    }

    [TestCase(5, 4, null, "MaxRate (4) is below SendRate.MinRate (5); raise it, or leave it unset for no bound")]
    [TestCase(5, null, 4, "InitialRate (4) is below SendRate.MinRate (5); raise it, or leave it unset to have the rate found")]
    [TestCase(null, 4, 5, "InitialRate (5) is above SendRate.MaxRate (4); lower it, or leave it unset to have the rate found")]
    [TestCase(4, 4, 4, null)]
    public void Check_RatesThatContradictEachOther_AreTold(double? min, double? max, double? initial, string? broken)
    {
        (_options.SendRate.MinRate, _options.SendRate.MaxRate) = (min, max);
        _options.SendRate.InitialRate = initial;

        AssertBroken(broken is null ? [] : ["SendRate." + broken]);
    }

    [Test]
    public void Check_NoClassifierAmongTheClassifiers_IsTold()
    {
        _options.Classification.Classifiers.Add(null!);

        AssertBroken("Classification.Classifiers (null) is not a classifier; remove it");
    }

    [TestCase(RetryMode.Standard, null, true)]
    [TestCase(RetryMode.Adaptive, null, false)]
    [TestCase(RetryMode.Adaptive, false, true)]
    [TestCase(RetryMode.Standard, true, false)]
    public void Check_CapacityBelowTheModesThrottledCost_IsTold(RetryMode mode, bool? sendRate, bool isBroken)
    {
        _options.Mode = mode;
        _options.SendRate.Enabled = sendRate;
        _options.Quota.Capacity = 4;
        _options.Quota.TransientCost = 1;

        AssertBroken(isBroken
            ? ["Quota.ThrottledCost (5) is more than Quota.Capacity (4), so that no retry could ever pay it; lower it, "
                + "or set MaxAttempts to 1 for no retries"]
            : []);
    }

    [Test]
    public void Check_QuotaOff_CostsDoNotMatter()
    {
        _options.Quota.Enabled = false;
        _options.Quota.Capacity = 1;

        Assert.That(OptionRules.Check("orders", _options), Is.Empty);
    }

    [TestCase(null, false)]
    [TestCase(true, true)]
    public void Check_ModeWithoutQuota_CostsMatterOnlyWhenItIsSwitchedOn(bool? enabled, bool isBroken)
    {
        _options.Mode = RetryMode.Legacy;
        _options.Quota.Enabled = enabled;
        _options.Quota.Capacity = 13;

        Assert.That(OptionRules.Check("orders", _options), isBroken ? Is.Not.Empty : Is.Empty);
    }

    [TestCase(SendRateControllerKind.Cubic, 0.2, 0.2)]
    [TestCase(SendRateControllerKind.Cubic, null, CubicController.MinRate)]
    [TestCase(SendRateControllerKind.Probing, 0.01, 0.01)]
    [TestCase(SendRateControllerKind.Probing, 5, 1 / 60.0)]
    public void MinRate_HighestRateBelowTheLawsFloor_IsTheHighestRate(
        SendRateControllerKind law, double? most, double least)
    {
        _options.SendRate.Controller = law;
        _options.SendRate.MaxRate = most;

        Assert.That(OptionRules.Check("orders", _options), Is.Empty);
        Assert.That(ClientSettings.From(_options).SendRate.MinRate, Is.EqualTo(least));
    }

    private void AssertBroken(params string[] problems) => Assert.That(
        OptionRules.Check("orders", _options), Is.EqualTo(problems.Select(static p => $"HttpClient 'orders': {p}.")));
}
