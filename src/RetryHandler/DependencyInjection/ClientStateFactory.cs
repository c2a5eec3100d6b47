using RetryHandler.Pipeline;
using RetryHandler.State;
using RetryHandler.Telemetry;

namespace RetryHandler.DependencyInjection;

/// <summary>Makes the state of a client when its first handler is built.</summary>
internal sealed class ClientStateFactory(
    ClientStateRegistry registry, TimeProvider timeProvider, TelemetryHub hub, SettingsReload reload)
{
    public ClientState GetOrCreate(string clientName)
    {
        // Here and not while the state is made, which keeps an exception for ever.
        var options = reload.Read(clientName);
        var state = registry.GetOrCreate(clientName, name => Create(name, options));
        reload.CatchUp(state, options);
        return state;
    }

    private ClientState Create(string clientName, AdaptiveRetryOptions options) =>
        new(clientName, options, timeProvider, hub, new AttemptPipelineSource(timeProvider));
}
