using RetryHandler.Quota;
using RetryHandler.RateLimiting;
using RetryHandler.Retry;

namespace RetryHandler.State;

/// <summary>What is set for the shared state of a client, beside its loop; an immutable copy of the options.</summary>
internal sealed record ClientSettings(
    RetryQuotaSettings Quota, SendRateSettings SendRate, PartitionSettings Partition)
{
    /// <summary>Copies the options.</summary>
    /// <param name="options">Valid settings.</param>
    /// <param name="law">The law of the client, which other settings don't change; by default that of the
    /// settings.</param>
    public static ClientSettings From(AdaptiveRetryOptions options, SendRateControllerKind? law = null) => new(
        QuotaOf(options),
        SendRateOf(options, law ?? options.SendRate.Controller),
        PartitionSettings.From(options.Partition));

    private static RetryQuotaSettings QuotaOf(AdaptiveRetryOptions options) => new(
        options.Quota.Capacity,
        options.Quota.RefillPerMinute,
        options.Quota.FirstTryRefund,
        options.Quota.Kind,
        options.Quota.MaxRatio,
        options.Quota.MinRetriesPerSecond);

    private static SendRateSettings SendRateOf(AdaptiveRetryOptions options, SendRateControllerKind law) => new(
        MinRateOf(options, law),
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
    private static double MinRateOf(AdaptiveRetryOptions options, SendRateControllerKind law) =>
        options.SendRate.MinRate ?? Math.Min(
            law == SendRateControllerKind.Probing ? 1 / 60.0 : CubicController.MinRate,
            options.SendRate.MaxRate ?? double.PositiveInfinity);
}
