using RetryHandler.Backoff;

namespace RetryHandler.Retry;

/// <summary>The retries after one kind of failure, with every value resolved.</summary>
internal readonly record struct FailureSettings(int MaxAttempts, BackoffSettings Backoff, int Cost);
