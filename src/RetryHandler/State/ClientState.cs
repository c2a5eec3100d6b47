using RetryHandler.Quota;
using RetryHandler.RateLimiting;

namespace RetryHandler.State;

/// <summary>
/// What all callers of one client share, and what outlives its handlers: the settings, the retry quota and the send
/// rate.
/// </summary>
internal sealed record ClientState(
    string Name, AdaptiveRetryOptions Options, RetryQuota Quota, SendRateLimiter Limiter)
{
    private int _nestingChecked;

    /// <summary>Gets whether the client was looked at for a second retry layer.</summary>
    public bool IsNestingChecked => Volatile.Read(ref _nestingChecked) != 0;

    /// <summary>Lets exactly one caller do that.</summary>
    public bool ClaimNestingCheck() => !IsNestingChecked && Interlocked.Exchange(ref _nestingChecked, 1) == 0;

    public static ClientState Create(string name, AdaptiveRetryOptions options, TimeProvider timeProvider)
    {
        var (quota, sendRate) = (options.Quota, options.SendRate);
        var settings = new SendRateSettings(
            sendRate.MinRate,
            sendRate.MaxRate ?? double.PositiveInfinity,
            sendRate.MaxWait,
            sendRate.QueueLimit ?? int.MaxValue)
        {
            LongestClosureToWaitFor = options.ServerDelay.MaxDelay,
        };
        return new ClientState(
            name,
            options,
            new RetryQuota(quota.Capacity, quota.RefillPerMinute, timeProvider),
            new SendRateLimiter(name, settings, new CubicController(now: 0), timeProvider));
    }
}
