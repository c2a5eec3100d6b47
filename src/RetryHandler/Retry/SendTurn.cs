using RetryHandler.RateLimiting;

namespace RetryHandler.Retry;

/// <summary>A call's turn to send.</summary>
/// <param name="Permit">Leave to send.</param>
/// <param name="Waited">How long the call waited, backoff included.</param>
/// <param name="TokenWait">How long of that it stood in the limiter's queue.</param>
internal readonly record struct SendTurn(SendPermit Permit, TimeSpan Waited, TimeSpan TokenWait);
