namespace RetryHandler;

/// <summary>What the handler did for one call.</summary>
/// <param name="Attempts">How many attempts were sent, the first one included.</param>
/// <param name="StopReason">Why no further attempt was made.</param>
/// <param name="TimeWaited">How long the call waited for send tokens and between attempts.</param>
public readonly record struct AdaptiveRetryInfo(int Attempts, RetryStopReason StopReason, TimeSpan TimeWaited)
{
    internal static AdaptiveRetryInfo OneAttempt { get; } = new(1, RetryStopReason.Succeeded, TimeSpan.Zero);
}
