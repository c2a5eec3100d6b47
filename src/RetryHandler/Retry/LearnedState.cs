using RetryHandler.Backoff;
using RetryHandler.Quota;
using RetryHandler.RateLimiting;

namespace RetryHandler.Retry;

/// <summary>
/// What the callers of a client have learned together. It outlives the settings in force and the handlers.
/// </summary>
internal sealed record LearnedState(RetryQuota Quota, SendRateLimiter Limiter, SuccessShare Successes);
