using RetryHandler.Backoff;

namespace RetryHandler.Retry;

/// <summary>An immutable copy of the options, with every value that the mode supplies filled in.</summary>
internal sealed record RetrySettings
{
    private RetrySettings(AdaptiveRetryOptions options, SendRateControllerKind law)
    {
        var defaults = ModeDefaults.For(options.Mode);
        var quota = options.Quota;
        QuotaEnabled = quota.Enabled ?? defaults.QuotaEnabled;
        SendRateEnabled = options.SendRate.Enabled ?? defaults.SendRateEnabled;
        IsPaced = SendRateEnabled && law == SendRateControllerKind.Probing;
        FollowsPublishedBudget = IsPaced && options.SendRate.FollowPublishedBudget;
        Transient = Resolve(options.Transient, new FailureSettings(
            options.MaxAttempts ?? defaults.TransientAttempts, Backoff(defaults.TransientDelay), quota.TransientCost));
        TransientTimeout = Resolve(
            options.TransientTimeout, Transient, quota.TimeoutCost ?? (IsPaced ? quota.PacedTimeoutCost : null));
        TransientNetwork = Resolve(options.TransientNetwork, Transient, quota.NetworkCost);
        TransientServerError = Resolve(options.TransientServerError, Transient, quota.ServerErrorCost);
        Throttled = Resolve(options.Throttled, new FailureSettings(
            options.MaxAttempts ?? defaults.ThrottledAttempts,
            Backoff(IsPaced ? defaults.TransientDelay : defaults.ThrottledDelay),
            quota.ThrottledCost ?? (SendRateEnabled ? 0 : RetryQuotaOptions.UnpacedThrottledCost)));
        FailureSettings[] all = [Transient, TransientTimeout, TransientNetwork, TransientServerError, Throttled];
        MaxAttempts = all.Max(static failure => failure.MaxAttempts);
        FollowsSuccess = all.Any(static failure => failure.Backoff.Kind == BackoffKind.Adaptive);
        ServerDelayEnabled = options.ServerDelay.Enabled;
        MaxServerDelay = options.ServerDelay.MaxDelay;
        UnsafeMethods = options.Replay.UnsafeMethods;
        MaxBufferedBytes = options.Replay.MaxBufferedBytes;
        TotalTimeout = options.TotalTimeout;
    }

    public FailureSettings Transient { get; }

    public FailureSettings TransientTimeout { get; }

    public FailureSettings TransientNetwork { get; }

    public FailureSettings TransientServerError { get; }

    public FailureSettings Throttled { get; }

    public bool QuotaEnabled { get; }

    public bool SendRateEnabled { get; }

    /// <summary>
    /// Gets whether the limiter paces retries by itself, so that waits of their own would only be added to its.
    /// </summary>
    public bool IsPaced { get; }

    /// <summary>Gets whether a budget that the upstream publishes sets the pace.</summary>
    public bool FollowsPublishedBudget { get; }

    public bool ServerDelayEnabled { get; }

    public TimeSpan MaxServerDelay { get; }

    public UnsafeMethodReplay UnsafeMethods { get; }

    public int MaxBufferedBytes { get; }

    public TimeSpan? TotalTimeout { get; }

    /// <summary>Gets the most attempts that one call can make.</summary>
    public int MaxAttempts { get; }

    /// <summary>Gets whether some backoff follows the client's recent success.</summary>
    public bool FollowsSuccess { get; }

    /// <summary>Copies the options.</summary>
    /// <param name="options">Valid settings.</param>
    /// <param name="law">The law of the client, which other settings don't change; by default that of the
    /// settings.</param>
    public static RetrySettings From(AdaptiveRetryOptions options, SendRateControllerKind? law = null) =>
        new(options, law ?? options.SendRate.Controller);

    /// <summary>Gets the settings of the kind and cause of failure just seen.</summary>
    public FailureSettings For(in AttemptVerdict verdict) => (verdict.Kind, verdict.Cause) switch
    {
        (FailureKind.Throttled, _) => Throttled,
        (_, TransientCause.Timeout) => TransientTimeout,
        (_, TransientCause.Network) => TransientNetwork,
        (_, TransientCause.ServerError) => TransientServerError,
        _ => Transient,
    };

    /// <summary>Gets the upstream's delay as far as it concerns the whole client.</summary>
    public TimeSpan DelayForAll(in AttemptVerdict verdict) =>
        verdict.Kind == FailureKind.Throttled && ServerDelayEnabled ? verdict.ServerDelay ?? default : default;

    private static BackoffSettings Backoff(TimeSpan baseDelay) => new(baseDelay, BackoffSettings.DefaultMaxDelay);

    private static FailureSettings Resolve(FailureRetryOptions own, in FailureSettings wider, int? cost = null) =>
        new(
            own.MaxAttempts ?? wider.MaxAttempts,
            new BackoffSettings(
                own.BaseDelay ?? wider.Backoff.BaseDelay,
                own.MaxDelay ?? wider.Backoff.MaxDelay,
                own.Backoff ?? wider.Backoff.Kind,
                own.Jitter ?? wider.Backoff.Jitter,
                own.MinDelay ?? wider.Backoff.MinDelay),
            cost ?? wider.Cost);
}
