using System.Net;
using System.Net.Sockets;

namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>A port that refuses connections: bound, so that nobody else gets it, but not listening.</summary>
internal sealed class ClosedPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ClosedPort() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public Uri Address => new($"http://{_socket.LocalEndPoint}/");

    public void Dispose() => _socket.Dispose();
}
