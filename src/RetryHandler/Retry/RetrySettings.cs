using RetryHandler.Backoff;

namespace RetryHandler.Retry;

/// <summary>An immutable copy of the options, with every value that the mode supplies filled in.</summary>
internal sealed record RetrySettings
{
    private RetrySettings(AdaptiveRetryOptions options)
    {
        var defaults = ModeDefaults.For(options.Mode);
        var quota = options.Quota;
        Transient = Resolve(
            options, options.Transient, defaults.TransientAttempts, defaults.TransientDelay, quota.TransientCost);
        Throttled = Resolve(
            options, options.Throttled, defaults.ThrottledAttempts, defaults.ThrottledDelay, quota.ThrottledCost);
        TimeoutCost = quota.TimeoutCost ?? quota.TransientCost;
        QuotaEnabled = quota.Enabled ?? defaults.QuotaEnabled;
        FirstTryRefund = quota.FirstTryRefund;
        SendRateEnabled = options.SendRate.Enabled ?? defaults.SendRateEnabled;
        ServerDelayEnabled = options.ServerDelay.Enabled;
        MaxServerDelay = options.ServerDelay.MaxDelay;
        UnsafeMethods = options.Replay.UnsafeMethods;
        MaxBufferedBytes = options.Replay.MaxBufferedBytes;
        TotalTimeout = options.TotalTimeout;
    }

    public FailureSettings Transient { get; }

    public FailureSettings Throttled { get; }

    public int TimeoutCost { get; }

    public bool QuotaEnabled { get; }

    public int FirstTryRefund { get; }

    public bool SendRateEnabled { get; }

    public bool ServerDelayEnabled { get; }

    public TimeSpan MaxServerDelay { get; }

    public UnsafeMethodReplay UnsafeMethods { get; }

    public int MaxBufferedBytes { get; }

    public TimeSpan? TotalTimeout { get; }

    /// <summary>Gets the most attempts that one call can make.</summary>
    public int MaxAttempts => Math.Max(Transient.MaxAttempts, Throttled.MaxAttempts);

    /// <summary>
    /// Gets the upstream's delay if no call waits that long; nobody else is to be sent meanwhile either.
    /// </summary>
    public TimeSpan? ClosureFor(in AttemptVerdict verdict) =>
        verdict.Kind == FailureKind.Throttled && ServerDelayEnabled && verdict.ServerDelay > MaxServerDelay
            ? verdict.ServerDelay
            : null;

    public static RetrySettings From(AdaptiveRetryOptions options) => new(options);

    private static FailureSettings Resolve(
        AdaptiveRetryOptions options, FailureRetryOptions failure, int attempts, TimeSpan delay, int cost) =>
        new(
            failure.MaxAttempts ?? options.MaxAttempts ?? attempts,
            new BackoffSettings(failure.BaseDelay ?? delay, failure.MaxDelay, failure.Backoff, failure.Jitter),
            cost);
}
