namespace RetryHandler.Pipeline;

/// <summary>An immutable copy of the circuit breaker's options.</summary>
internal sealed record CircuitBreakerSettings(
    bool Enabled,
    double FailureRatio,
    int MinimumThroughput,
    TimeSpan SamplingDuration,
    TimeSpan BreakDuration,
    bool CountThrottled)
{
    public CircuitBreakerSettings(CircuitBreakerOptions options)
        : this(
            options.Enabled,
            options.FailureRatio,
            options.MinimumThroughput,
            options.SamplingDuration,
            options.BreakDuration,
            options.CountThrottled)
    {
    }
}
