using System.Net;
using System.Net.Sockets;

namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>Connects as the transport does, for tests that put something before it.</summary>
internal static class LoopbackSockets
{
    public static async ValueTask<Stream> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
