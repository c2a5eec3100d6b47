using Microsoft.Extensions.Options;
using RetryHandler.Pipeline;
using RetryHandler.State;
using RetryHandler.Telemetry;

namespace RetryHandler.DependencyInjection;

/// <summary>Makes the state of a client when its first handler is built.</summary>
internal sealed class ClientStateFactory(
    ClientStateRegistry registry,
    IOptionsMonitor<AdaptiveRetryOptions> monitor,
    TimeProvider timeProvider,
    TelemetryHub hub,
    SettingsReload reload)
{
    // Held so that it lives from the first client on; before there is nothing to change.
    private readonly SettingsReload _reload = reload;


    public ClientState GetOrCreate(string clientName)
    {
        // Here and not while the state is made, which keeps an exception for ever.
        var options = monitor.Get(clientName);
        return registry.GetOrCreate(clientName, name => Create(name, options));
    }

    private ClientState Create(string clientName, AdaptiveRetryOptions options) =>
        new(clientName, options, timeProvider, hub, new AttemptPipelineSource(timeProvider));
}
