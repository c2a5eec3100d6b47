namespace RetryHandler.Retry;

/// <summary>What each mode stands for.</summary>
internal sealed record ModeDefaults(
    int TransientAttempts,
    int ThrottledAttempts,
    TimeSpan TransientDelay,
    TimeSpan ThrottledDelay,
    bool QuotaEnabled,
    bool SendRateEnabled)
{
    private static readonly ModeDefaults Legacy = new(
        TransientAttempts: 5,
        ThrottledAttempts: 5,
        TransientDelay: TimeSpan.FromSeconds(1),
        ThrottledDelay: TimeSpan.FromSeconds(1),
        QuotaEnabled: false,
        SendRateEnabled: false);

    // https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html, the rules since 2026.
    private static readonly ModeDefaults Standard = new(
        TransientAttempts: 3,
        ThrottledAttempts: 3,
        TransientDelay: TimeSpan.FromMilliseconds(50),
        ThrottledDelay: TimeSpan.FromSeconds(1),
        QuotaEnabled: true,
        SendRateEnabled: false);

    // A throttled attempt of a paced client is cheap and will pass, so giving up after 3 would only lose calls.
    private static readonly ModeDefaults Adaptive = Standard with { ThrottledAttempts = 10, SendRateEnabled = true };

    public static ModeDefaults For(RetryMode mode) => mode switch
    {
        RetryMode.Legacy => Legacy,
        RetryMode.Standard => Standard,
        _ => Adaptive,
    };
}
