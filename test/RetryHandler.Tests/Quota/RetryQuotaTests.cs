using RetryHandler.Quota;

namespace RetryHandler.Tests.Quota;

[TestFixture]
internal sealed class RetryQuotaTests
{
    private readonly ManualTimeProvider _time = new();

    [Test]
    public void TryTake_EnoughTokens_TakesThem()
    {
        var quota = new RetryQuota(new(Capacity: 50), _time);

        Assert.That(quota.TryTake(49));
        Assert.That(quota.Available, Is.EqualTo(1));
    }

    [Test]
    public void TryTake_TooFewTokens_TakesNothing()
    {
        var quota = new RetryQuota(new(Capacity: 50), _time);
        quota.TryTake(49);

        Assert.That(quota.TryTake(10), Is.False);
        Assert.That(quota.Available, Is.EqualTo(1));
    }

    [Test]
    public void IsShort_RetryRefused_UntilThereIsEnoughForIt()
    {
        var quota = new RetryQuota(new(Capacity: 100), _time);
        quota.TryTake(60);
        Assert.That(quota.IsShort, Is.False, "nobody asked in vain");

        quota.TryTake(50);
        Assert.That(quota.IsShort);
        quota.Return(9);
        Assert.That(quota.IsShort, "49 of 50");
        quota.Return(1);
        Assert.That(quota.IsShort, Is.False);
    }

    /// <summary>Less than what was refused long ago is left, and enough for what was paid since.</summary>
    [Test]
    public void IsShort_RetryPaidSince_IsOver()
    {
        var quota = new RetryQuota(new(Capacity: 100), _time);
        quota.TryTake(60);
        quota.TryTake(50);

        quota.TryTake(14);

        Assert.That((quota.Available, quota.IsShort), Is.EqualTo((26, false)));
    }

    [Test]
    public void IsShort_OtherSettings_AreABeginning()
    {
        var quota = new RetryQuota(new(Capacity: 10), _time);
        quota.TryTake(14);

        quota.Apply(new(Capacity: 12));

        Assert.That(quota.IsShort, Is.False);
    }

    [Test]
    public void IsShort_NoCapacity_IsMeant()
    {
        var quota = new RetryQuota(new(Capacity: 0), _time);

        Assert.That((quota.TryTake(14), quota.IsShort), Is.EqualTo((false, false)));
    }

    [Test]
    public void Return_MoreThanFits_StopsAtTheCapacity()
    {
        var quota = new RetryQuota(new(Capacity: 50), _time);
        quota.TryTake(5);

        quota.Return(10);

        Assert.That(quota.Available, Is.EqualTo(50));
    }

    [Test]
    public void Available_RefillPerMinute_GrowsByWholeTokens()
    {
        var quota = new RetryQuota(new(RefillPerMinute: 6), _time);
        quota.TryTake(500);

        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.That(quota.Available, Is.Zero);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.That(quota.Available, Is.EqualTo(1));
        _time.Advance(TimeSpan.FromHours(24));
        Assert.That(quota.Available, Is.EqualTo(500));
    }

    [Test]
    public void TryTake_RefillPerMinute_FindsWhatCameBackMeanwhile()
    {
        var quota = new RetryQuota(new(RefillPerMinute: 6), _time);
        quota.TryTake(500);

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(quota.TryTake(1));
        Assert.That(quota.TryTake(1), Is.False);
    }

    [Test]
    public void Capacity_TokensSpent_IsThatOfTheFullBucket()
    {
        var quota = new RetryQuota(new(Capacity: 50), _time);
        quota.TryTake(49);

        Assert.That(quota.Capacity, Is.EqualTo(50));
    }

    [TestCase(1_000, 0, 900)]
    [TestCase(200, 0, 100)]
    [TestCase(60, 0, 0)]
    [TestCase(1_000, 60, 901)]
    public void Apply_OtherBounds_WhatWasSpentStaysSpent(int capacity, double refill, int available)
    {
        var quota = new RetryQuota(new(), _time);
        quota.TryTake(100);

        quota.Apply(new(capacity, refill));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(quota.Available, Is.EqualTo(available));
    }

    [Test]
    public void Apply_OtherKind_BeginsAnew()
    {
        var quota = new RetryQuota(new(), _time);
        quota.TryTake(500);

        quota.Apply(new(Kind: RetryQuotaKind.Ratio));
        Assert.That(quota.Available, Is.EqualTo(10));
        quota.TryTake(1);

        quota.Apply(new());
        Assert.That(quota.Available, Is.EqualTo(500));
    }

    [TestCase(true, 5, 401)]
    [TestCase(false, 5, 405)]
    [TestCase(false, 0, 400)]
    public void OnSuccess_Tokens_PutsBackOneOrTheCostOfTheLastRetry(bool atFirstTry, int cost, int available)
    {
        var quota = new RetryQuota(new(), _time);
        quota.TryTake(100);

        quota.OnSuccess(atFirstTry, cost);

        Assert.That(quota.Available, Is.EqualTo(available));
    }

    [Test]
    public async Task TryTake_64RacingTasks_ConservesTokens()
    {
        var quota = new RetryQuota(new(Capacity: 1_000), _time);

        var balances = await Task.WhenAll(Enumerable.Range(0, 64).Select(seed => Task.Run(() =>
        {
            var random = new Random(seed);
            var held = 0;
            for (var i = 0; i < 5_000; i++)
            {
                var cost = random.Next(1, 20);
                if (quota.TryTake(cost))
                {
                    held += cost;
                }

                var back = random.Next(0, held + 1);
                quota.Return(back);
                held -= back;
            }

            return held;
        })));

        Assert.That(quota.Available + balances.Sum(), Is.EqualTo(1_000));
    }
}
