using RetryHandler.Retry;
using RetryHandler.Telemetry;

namespace RetryHandler.Pipeline;

/// <summary>
/// Keeps one client's pipeline: breakers must outlive handlers, and changes of settings that are not theirs.
/// </summary>
internal sealed class AttemptPipelineSource(TimeProvider timeProvider) : IAttemptPipelineSource
{
    private AttemptPipeline? _pipeline;
    private CircuitBreakerSettings? _breaker;

    public IAttemptPipeline? For(AdaptiveRetryOptions options, ClientTelemetry telemetry)
    {
        var breaker = new CircuitBreakerSettings(options.CircuitBreaker);
        if (breaker != _breaker)
        {
            _pipeline = AttemptPipeline.Create(telemetry, options.AttemptPipeline, breaker, timeProvider);
            _breaker = breaker;
        }

        return _pipeline;
    }
}
