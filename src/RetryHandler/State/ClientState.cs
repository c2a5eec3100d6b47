using RetryHandler.Quota;
using RetryHandler.RateLimiting;
using RetryHandler.Telemetry;

namespace RetryHandler.State;

/// <summary>
/// What all callers of one client share, and what outlives its handlers: the settings, the retry quota, the send rate
/// and the counters.
/// </summary>
internal sealed record ClientState(
    string Name,
    AdaptiveRetryOptions Options,
    RetryQuota Quota,
    SendRateLimiter Limiter,
    PartitionTelemetry Telemetry)
{
    private int _nestingChecked;

    /// <summary>Gets whether the client was looked at for a second retry layer.</summary>
    public bool IsNestingChecked => Volatile.Read(ref _nestingChecked) != 0;

    /// <summary>Lets exactly one caller do that.</summary>
    public bool ClaimNestingCheck() => !IsNestingChecked && Interlocked.Exchange(ref _nestingChecked, 1) == 0;

    /// <summary>Makes the state of a client that no service provider knows.</summary>
    public static ClientState Create(string name, AdaptiveRetryOptions options, TimeProvider timeProvider) =>
        Create(name, options, timeProvider, TelemetryHub.Shared);

    public static ClientState Create(
        string name, AdaptiveRetryOptions options, TimeProvider timeProvider, TelemetryHub hub)
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
        var retryQuota = new RetryQuota(quota.Capacity, quota.RefillPerMinute, timeProvider);
        var limiter = new SendRateLimiter(name, settings, new CubicController(now: 0), timeProvider);
        var telemetry = hub.Add(name, options.Logging, timeProvider).WatchAlone(retryQuota, limiter);
        return new ClientState(name, options, retryQuota, limiter, telemetry);
    }
}
