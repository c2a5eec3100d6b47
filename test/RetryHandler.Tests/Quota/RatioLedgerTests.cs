using RetryHandler.Quota;

namespace RetryHandler.Tests.Quota;

[TestFixture]
internal sealed class RatioLedgerTests
{
    private static readonly RetryQuotaSettings OneInFive = new(
        Kind: RetryQuotaKind.Ratio, MaxRatio: 0.2, MinRetriesPerSecond: 0.3);

    private readonly ManualTimeProvider _time = new();

    [TestCase(0, 3)]
    [TestCase(10, 3)]
    [TestCase(20, 4)]
    [TestCase(100, 20)]
    public void TryTake_SoManyCalls_AllowsTheShareAndAFewInAnyCase(int calls, int retries)
    {
        var quota = QuotaAfter(calls);

        Assert.That(TakeAll(quota), Is.EqualTo(retries));
    }

    [Test]
    public void TryTake_AnyCost_CountsAsOneRetry()
    {
        var quota = QuotaAfter(calls: 100);

        Assert.That(quota.TryTake(14));

        Assert.That(quota.Available, Is.EqualTo(19));
    }

    [Test]
    public void TryTake_CostOfZero_IsFree()
    {
        var quota = QuotaAfter(calls: 0);
        TakeAll(quota);

        Assert.That(quota.TryTake(0));
        Assert.That(quota.Available, Is.Zero);
    }

    [Test]
    public void TryTake_TenSecondsLater_CallsAndRetriesAreForgotten()
    {
        var quota = QuotaAfter(calls: 100);
        TakeAll(quota);

        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.That(quota.Available, Is.Zero);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(quota.Available, Is.EqualTo(3));
    }

    [Test]
    public void TryTake_SteadyLoadThatFails_RetriesTheShare()
    {
        var quota = QuotaAfter(calls: 0);
        var retries = 0;
        for (var call = 0; call < 6_000; call++)
        {
            quota.OnCall();
            retries += quota.TryTake(14) ? 1 : 0;
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.That(retries, Is.EqualTo(1_200).Within(25));
    }

    [Test]
    public void Return_RetryNotSent_DoesNotCount()
    {
        var quota = QuotaAfter(calls: 100);
        TakeAll(quota);

        _time.Advance(TimeSpan.FromSeconds(2));
        quota.Return(14);

        Assert.That(quota.Available, Is.EqualTo(1));
    }

    [Test]
    public void Return_RetriesOfSeveralSeconds_TakesBackTheNewestOnly()
    {
        var quota = QuotaAfter(calls: 0);
        quota.TryTake(14);
        _time.Advance(TimeSpan.FromSeconds(2));
        quota.TryTake(14);
        _time.Advance(TimeSpan.FromSeconds(1));

        quota.Return(14);
        Assert.That(quota.Available, Is.EqualTo(2));

        // The older one leaves the window at its own time.
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.That(quota.Available, Is.EqualTo(2));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(quota.Available, Is.EqualTo(3));
    }

    [Test]
    public void Return_FreeRetry_TakesNothingBack()
    {
        var quota = QuotaAfter(calls: 0);
        quota.TryTake(14);

        quota.Return(0);

        Assert.That(quota.Available, Is.EqualTo(2));
    }

    [Test]
    public void OnCall_AfterAPause_CountsInItsOwnSecond()
    {
        var quota = QuotaAfter(calls: 0);
        _time.Advance(TimeSpan.FromSeconds(10));

        Call(quota, 20);

        Assert.That(quota.Available, Is.EqualTo(4));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.That(quota.Available, Is.EqualTo(4));
    }

    [Test]
    public void Capacity_CallsAndRetries_IsTheShareOfTheCallsInTheWindow()
    {
        var quota = QuotaAfter(calls: 100);
        TakeAll(quota);

        Assert.That(quota.Capacity, Is.EqualTo(20));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(quota.Capacity, Is.EqualTo(3));
    }

    [Test]
    public void Return_LongAfterwards_ChangesNothing()
    {
        var quota = QuotaAfter(calls: 0);
        quota.TryTake(14);

        _time.Advance(TimeSpan.FromHours(1));
        quota.Return(14);

        Assert.That(quota.Available, Is.EqualTo(3));
    }

    [Test]
    public void OnSuccess_Ratio_PutsNothingBack()
    {
        var quota = QuotaAfter(calls: 100);
        TakeAll(quota);

        quota.OnSuccess(atFirstTry: true, 0);
        quota.OnSuccess(atFirstTry: false, 14);

        Assert.That(quota.Available, Is.Zero);
    }

    [Test]
    public void Apply_OtherRatio_KeepsWhatWasCounted()
    {
        var quota = QuotaAfter(calls: 100);
        TakeAll(quota);

        quota.Apply(OneInFive with { MaxRatio = 0.5 });

        Assert.That(quota.Available, Is.EqualTo(30));
    }

    private static int TakeAll(RetryQuota quota)
    {
        var taken = 0;
        while (quota.TryTake(14))
        {
            taken++;
        }

        return taken;
    }

    private static void Call(RetryQuota quota, int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            quota.OnCall();
        }
    }

    private RetryQuota QuotaAfter(int calls)
    {
        var quota = new RetryQuota(OneInFive, _time);
        Call(quota, calls);
        return quota;
    }
}
