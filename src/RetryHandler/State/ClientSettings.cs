using RetryHandler.Quota;
using RetryHandler.RateLimiting;
using RetryHandler.Retry;

namespace RetryHandler.State;

/// <summary>What is set for the shared state of a client, beside its loop; an immutable copy of the options.</summary>
internal sealed record ClientSettings(
    RetryQuotaSettings Quota, SendRateSettings SendRate, PartitionSettings Partition)
{
    public static ClientSettings From(AdaptiveRetryOptions options) =>
        new(QuotaOf(options), SendRateOf(options), PartitionSettings.From(options.Partition));

    private static RetryQuotaSettings QuotaOf(AdaptiveRetryOptions options) => new(
        options.Quota.Capacity,
        options.Quota.RefillPerMinute,
        options.Quota.FirstTryRefund,
        options.Quota.Kind,
        options.Quota.MaxRatio,
        options.Quota.MinRetriesPerSecond);

    private static SendRateSettings SendRateOf(AdaptiveRetryOptions options) => new(
        MinRateOf(options),
        options.SendRate.MaxRate ?? double.PositiveInfinity,
        options.SendRate.MaxWait,
        options.SendRate.QueueLimit ?? int.MaxValue)
    {
        IsEnabled = options.SendRate.Enabled ?? ModeDefaults.For(options.Mode).SendRateEnabled,
        InitialRate = options.SendRate.InitialRate,
        LongestClosureToWaitFor = options.ServerDelay.MaxDelay,
        CallTimeout = options.TotalTimeout,
    };

    // A highest rate below the law's own floor is meant.
    private static double MinRateOf(AdaptiveRetryOptions options) => options.SendRate.MinRate ?? Math.Min(
        IsProbing(options) ? 1 / 60.0 : CubicController.MinRate, options.SendRate.MaxRate ?? double.PositiveInfinity);

    private static bool IsProbing(AdaptiveRetryOptions options) =>
        options.SendRate.Controller == SendRateControllerKind.Probing;
}
