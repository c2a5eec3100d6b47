using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using RetryHandler.State;

namespace RetryHandler.DependencyInjection;

/// <summary>Puts changed settings in force in running clients.</summary>
/// <remarks>
/// Not left to <see cref="IOptionsMonitor{TOptions}"/> alone, which throws at invalid settings where nobody can catch
/// it, on the thread of the file watcher.
/// </remarks>
internal sealed class SettingsReload : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ClientStateRegistry _registry;
    private readonly IOptionsFactory<AdaptiveRetryOptions> _factory;
    private readonly IOptionsMonitorCache<AdaptiveRetryOptions> _cache;
    private readonly IOptionsMonitor<AdaptiveRetryOptions> _monitor;
    private readonly Dictionary<string, string> _rejected = new(StringComparer.Ordinal);
    private readonly List<IDisposable?> _subscriptions = [];

    public SettingsReload(
        ClientStateRegistry registry,
        IEnumerable<AdaptiveRetrySetting> settings,
        IOptionsFactory<AdaptiveRetryOptions> factory,
        IOptionsMonitorCache<AdaptiveRetryOptions> cache,
        IOptionsMonitor<AdaptiveRetryOptions> monitor)
    {
        (_registry, _factory, _cache, _monitor) = (registry, factory, cache, monitor);
        foreach (var source in settings.Select(static setting => setting.Source).OfType<IConfiguration>().Distinct())
        {
            _subscriptions.Add(ChangeToken.OnChange(source.GetReloadToken, ReloadAll));
        }

        // For those who configure the options by other means than AddAdaptiveRetry.
        _subscriptions.Add(monitor.OnChange((_, name) => Reload(name ?? Options.DefaultName)));
    }

    /// <summary>
    /// Reads the settings of a client that is about to be created. Those at hand may be as old as the host: it read and
    /// validated them at its start, when there was no client yet to follow the changes for.
    /// </summary>
    /// <exception cref="OptionsValidationException">The settings were never valid.</exception>
    public AdaptiveRetryOptions Read(string clientName)
    {
        var options = _monitor.Get(clientName);
        return options.IsOutdated ? TryReadAgain(clientName) ?? options : options;
    }

    /// <summary>Puts the settings in force that came after those a client was created with.</summary>
    /// <remarks>If they are not valid, that is told now, when the client has a log to write to.</remarks>
    public void CatchUp(ClientState state, AdaptiveRetryOptions createdWith)
    {
        if (createdWith.IsOutdated)
        {
            lock (_gate)
            {
                Reload(state);
            }
        }
    }

    public void Dispose() => _subscriptions.ForEach(static subscription => subscription?.Dispose());

    private void ReloadAll()
    {
        lock (_gate)
        {
            foreach (var state in _registry.All)
            {
                Reload(state);
            }
        }
    }

    private void Reload(ClientState state)
    {
        try
        {
            state.Apply(ReadAgain(state.Name));
            _rejected.Remove(state.Name);
        }
        catch (Exception e)
        {
            // Invalid settings, or an exception of the user's own delegate: thrown from here, on the thread of a file
            // watcher, it would end the process. A saved file raises several changes: each fault is told once.
            if (_rejected.GetValueOrDefault(state.Name) != e.Message)
            {
                _rejected[state.Name] = e.Message;
                state.Telemetry.Log.SettingsRejected(e.Message);
            }
        }
    }

    private AdaptiveRetryOptions ReadAgain(string clientName)
    {
        var options = _factory.Create(clientName);
        _cache.TryRemove(clientName);
        _cache.TryAdd(clientName, options);
        return options;
    }

    private AdaptiveRetryOptions? TryReadAgain(string clientName)
    {
        try
        {
            return ReadAgain(clientName);
        }
        catch (Exception)
        {
            return null; // The old settings stay; CatchUp reads once more and tells why.
        }
    }

    /// <remarks>Read again under the lock: what the monitor tells may be older than what is in force by then.</remarks>
    private void Reload(string clientName)
    {
        lock (_gate)
        {
            if (_registry.Find(clientName) is { } state)
            {
                Reload(state);
            }
        }
    }
}
