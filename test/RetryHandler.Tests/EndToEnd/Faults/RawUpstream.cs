using System.Net;
using System.Net.Sockets;

namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>
/// A TCP server that misbehaves on purpose: it does one step per request, whatever connection it comes over; the last
/// step repeats.
/// </summary>
internal sealed class RawUpstream : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly RawStep[] _steps;
    private readonly List<RawRequest> _executed = [];
    private readonly List<RawRequest> _heads = [];
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;
    private int _next;

    public RawUpstream(params RawStep[] steps)
    {
        _steps = steps;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}/");

    /// <summary>Gets the requests that were read completely, so that a real upstream would have acted on them.</summary>
    public IReadOnlyList<RawRequest> Executed
    {
        get
        {
            lock (_gate)
            {
                return [.. _executed];
            }
        }
    }

    /// <summary>Gets the requests of which only the head was read.</summary>
    public IReadOnlyList<RawRequest> Heads
    {
        get
        {
            lock (_gate)
            {
                return [.. _heads];
            }
        }
    }

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

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                lock (_gate)
                {
                    _connections.Add(ServeAsync(socket, _connections.Count + 1));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The upstream ends.
        }
    }

    private async Task ServeAsync(Socket socket, int number)
    {
        socket.NoDelay = true;
        using var connection = new RawConnection(socket, number, _stop.Token);
        try
        {
            while (await StepAsync(connection))
            {
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or EndOfStreamException)
        {
            // The client left in the middle, or the upstream ends.
        }
    }

    private async Task<bool> StepAsync(RawConnection connection)
    {
        // A step that waits for a request is taken only when one comes: an idle connection must not use up a step.
        if (TakeStep(onlyWithoutRequest: true) is { } unasked)
        {
            return await unasked.RunAsync(connection);
        }

        if (!await connection.WaitForRequestAsync())
        {
            return false;
        }

        var step = TakeStep(onlyWithoutRequest: false)!;
        if (step.Reading != RawReading.Nothing)
        {
            var request = await connection.ReadRequestAsync(readBody: step.Reading == RawReading.All);
            lock (_gate)
            {
                (step.Reading == RawReading.All ? _executed : _heads).Add(request);
            }
        }

        return await step.RunAsync(connection);
    }

    private RawStep? TakeStep(bool onlyWithoutRequest)
    {
        lock (_gate)
        {
            var step = _steps[Math.Min(_next, _steps.Length - 1)];
            if (onlyWithoutRequest && step.Reading != RawReading.Nothing)
            {
                return null;
            }

            _next++;
            return step;
        }
    }
}
