namespace RetryHandler.Backoff;

/// <summary>The backoff of one kind of failure, with every value resolved.</summary>
internal readonly record struct BackoffSettings(
    TimeSpan BaseDelay,
    TimeSpan MaxDelay,
    BackoffKind Kind = BackoffKind.Exponential,
    JitterKind Jitter = JitterKind.Full,
    TimeSpan MinDelay = default)
{
    /// <summary>The cap of the AWS SDKs.</summary>
    public static readonly TimeSpan DefaultMaxDelay = TimeSpan.FromSeconds(20);
}
