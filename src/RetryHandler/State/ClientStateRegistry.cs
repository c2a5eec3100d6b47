using System.Collections.Concurrent;

namespace RetryHandler.State;

/// <summary>Keeps the state of every client for the life of the service provider.</summary>
/// <remarks>
/// <c>IHttpClientFactory</c> rebuilds its handlers every two minutes, in a scope of their own; whatever a handler
/// learns and keeps to itself is lost with it.
/// </remarks>
internal sealed class ClientStateRegistry
{
    // Lazy, because two handlers of one client that are built at the same time must not end up with two states.
    private readonly ConcurrentDictionary<string, Lazy<ClientState>> _states = new(StringComparer.Ordinal);

    public ClientState GetOrCreate(string clientName, Func<string, ClientState> create)
    {
        var state = _states.GetOrAdd(
            clientName, static (name, create) => new Lazy<ClientState>(() => create(name)), create);
        try
        {
            return state.Value;
        }
        catch
        {
            // Of the user's delegate for the attempts, say, that needs a service which is not ready yet. Kept, it would
            // be thrown for the life of the process.
            _states.TryRemove(new(clientName, state));
            throw;
        }
    }

    /// <summary>Gets the states of the clients that were created.</summary>
    public IEnumerable<ClientState> All =>
        _states.Values.Where(static state => state.IsValueCreated).Select(static state => state.Value);

    /// <summary>Gets the state of a client that was created.</summary>
    public ClientState? Find(string clientName) =>
        _states.TryGetValue(clientName, out var state) && state.IsValueCreated ? state.Value : null;
}
