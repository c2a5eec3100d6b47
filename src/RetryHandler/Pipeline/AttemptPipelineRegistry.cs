using System.Collections.Concurrent;

namespace RetryHandler.Pipeline;

/// <summary>
/// Keeps each client's pipeline for the life of the service provider: breakers must outlive handlers.
/// </summary>
internal sealed class AttemptPipelineRegistry(TimeProvider timeProvider)
{
    private readonly ConcurrentDictionary<string, Lazy<AttemptPipeline?>> _pipelines = new(StringComparer.Ordinal);

    public AttemptPipeline? GetOrCreate(string clientName, AdaptiveRetryOptions options) =>
        _pipelines.GetOrAdd(
            clientName,
            static (name, arg) => new Lazy<AttemptPipeline?>(
                () => AttemptPipeline.Create(name, arg.options, arg.timeProvider)),
            (options, timeProvider)).Value;
}
