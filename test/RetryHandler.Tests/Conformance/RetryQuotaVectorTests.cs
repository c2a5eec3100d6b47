using RetryHandler.Quota;

namespace RetryHandler.Tests.Conformance;

public sealed class RetryQuotaVectorTests
{
    private readonly ManualTimeProvider _time = new();

    [Vectors("quota_unit")]
    public void TakeAndReturn_Tokens_StayWithinTheCapacity(Vector vector)
    {
        var json = vector.Json;
        var quota = new RetryQuota(new(json.Integer("capacity")), _time);
        if (json.Has("acquire"))
        {
            Assert.That(quota.TryTake(json.Integer("acquire")), Is.True);
        }

        if (json.Has("release"))
        {
            quota.Return(json.Integer("release"));
        }

        if (json.Has("then_acquire"))
        {
            Assert.That(quota.TryTake(json.Integer("then_acquire")), Is.EqualTo(json.Flag("granted")));
        }

        Assert.That(quota.Available, Is.EqualTo(json.Integer("left")));
    }

    [Vectors("token_bucket.rust-token-bucket-refill")]
    public void Available_RefillOverTime_GivesWholeTokensAndKeepsTheFraction(Vector vector)
    {
        var rate = vector.Json.Number("rate");
        var quota = new RetryQuota(new(Capacity: 500, RefillPerMinute: rate * 60), _time);
        quota.TryTake(500);

        _time.Advance(vector.Json.Seconds("seconds"));

        Assert.That(quota.Available, Is.EqualTo(vector.Json.Integer("permits")));

        // The fraction is not visible; the time until it has become a whole token is.
        var rest = TimeSpan.FromSeconds((1 - vector.Json.Number("fraction")) / rate);
        var moment = TimeSpan.FromMilliseconds(10);
        _time.Advance(rest - moment);
        Assert.That(quota.Available, Is.EqualTo(vector.Json.Integer("permits")));
        _time.Advance(2 * moment);
        Assert.That(quota.Available, Is.EqualTo(vector.Json.Integer("permits") + 1));
    }

    [Vectors("token_bucket.kotlin-retry-bucket-refill")]
    public void TryTake_BetweenRefills_CountsWholeTokensOnly(Vector vector)
    {
        var given = vector.Json.GetProperty("given");
        var quota = new RetryQuota(
            new(given.Integer("capacity"), given.Number("refill_per_s") * 60), _time);
        foreach (var step in vector.Json.Items("steps"))
        {
            _time.Advance(TimeSpan.FromSeconds(step.Number("after_s", 0)));
            Assert.That(quota.TryTake(step.Integer("acquire")), Is.True);
            Assert.That(quota.Available, Is.EqualTo(step.Integer("left")));
        }
    }
}
