using RetryHandler.Quota;
using RetryHandler.RateLimiting;

namespace RetryHandler.State;

/// <summary>What all callers of one client share, and what outlives its handlers: the retry quota and the send rate.</summary>
internal sealed record ClientState(string Name, RetryQuota Quota, SendRateLimiter Limiter)
{
    public static ClientState Create(
        string name, RetryQuotaOptions quota, SendRateOptions sendRate, TimeProvider timeProvider)
    {
        var settings = new SendRateSettings(
            sendRate.MinRate,
            sendRate.MaxRate ?? double.PositiveInfinity,
            sendRate.MaxWait,
            sendRate.QueueLimit ?? int.MaxValue);
        return new ClientState(
            name,
            new RetryQuota(quota.Capacity, quota.RefillPerMinute, timeProvider),
            new SendRateLimiter(name, settings, new CubicController(now: 0), timeProvider));
    }
}
