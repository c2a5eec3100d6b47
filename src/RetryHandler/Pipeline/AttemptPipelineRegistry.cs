using System.Collections.Concurrent;
using RetryHandler.Telemetry;

namespace RetryHandler.Pipeline;

/// <summary>
/// Keeps each client's pipeline for the life of the service provider: breakers must outlive handlers.
/// </summary>
internal sealed class AttemptPipelineRegistry(TimeProvider timeProvider)
{
    private readonly ConcurrentDictionary<string, Lazy<AttemptPipeline?>> _pipelines = new(StringComparer.Ordinal);

    public AttemptPipeline? GetOrCreate(ClientTelemetry telemetry, AdaptiveRetryOptions options) =>
        _pipelines.GetOrAdd(
            telemetry.Name,
            static (_, arg) => new Lazy<AttemptPipeline?>(
                () => AttemptPipeline.Create(arg.telemetry, arg.options, arg.timeProvider)),
            (telemetry, options, timeProvider)).Value;
}
