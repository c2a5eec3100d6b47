using System.Net;
using System.Net.Sockets;

namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>A TCP server on a free loopback port that knows whether its clients have left.</summary>
internal abstract class SocketUpstream : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _connections = [];
    private Task _accepting = Task.CompletedTask;

    public Uri Address => new($"http://{_listener.LocalEndpoint}/");

    /// <summary>Gets how many connections were accepted.</summary>
    public int Connections
    {
        get
        {
            lock (_gate)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>Waits until the client has ended every connection; fails when one stays open.</summary>
    public async Task WaitForConnectionsToEndAsync()
    {
        Task[] connections;
        lock (_gate)
        {
            connections = [.. _connections];
        }

        await Task.WhenAll(connections).WaitAsync(Patience, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await WaitForConnectionsToEndAsync();
        _stop.Dispose();
    }

    protected void Start()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Serves one connection to its end; what the sockets throw then needs no care.</summary>
    protected abstract Task ServeAsync(Socket socket, int number, CancellationToken stop);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                socket.NoDelay = true;
                lock (_gate)
                {
                    _connections.Add(RunAsync(socket, _connections.Count + 1));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The upstream ends.
        }
    }

    private async Task RunAsync(Socket socket, int number)
    {
        try
        {
            await ServeAsync(socket, number, _stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
        {
            // The client left in the middle, or the upstream ends.
        }
        finally
        {
            socket.Dispose();
        }
    }
}
