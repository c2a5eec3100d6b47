using System.Collections.Concurrent;
using RetryHandler.Telemetry;

namespace RetryHandler.State;

/// <summary>Keeps the state of every client for the life of the service provider.</summary>
/// <remarks>
/// <c>IHttpClientFactory</c> rebuilds its handlers every two minutes, in a scope of their own; whatever a handler
/// learns and keeps to itself is lost with it.
/// </remarks>
internal sealed class ClientStateRegistry(TimeProvider timeProvider, TelemetryHub hub)
{
    // Lazy, because two handlers of one client that are built at the same time must not end up with two states.
    private readonly ConcurrentDictionary<string, Lazy<ClientState>> _states = new(StringComparer.Ordinal);

    public TimeProvider TimeProvider { get; } = timeProvider;

    public ClientState GetOrCreate(string clientName, AdaptiveRetryOptions options) =>
        _states.GetOrAdd(
            clientName,
            static (name, arg) => new Lazy<ClientState>(
                () => ClientState.Create(name, arg.options, arg.TimeProvider, arg.hub)),
            (options, TimeProvider, hub)).Value;
}
