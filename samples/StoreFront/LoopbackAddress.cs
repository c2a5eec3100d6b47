using System.Net;
using System.Net.Sockets;

namespace StoreFront;

internal static class LoopbackAddress
{
    private const int PreferredPort = 5000;

    // Every way in which ASP.NET Core lets a person choose the address: --urls, ASPNETCORE_URLS, and the ports.
    private static readonly string[] AddressSettings = ["urls", "http_ports", "https_ports", "Kestrel:Endpoints"];

    /// <summary>Listens on loopback, port 5000 or a free one when it is taken, unless an address was chosen.</summary>
    public static void ListenOnLoopbackByDefault(this WebApplicationBuilder builder)
    {
        if (!AddressSettings.Any(name => builder.Configuration.GetSection(name).Exists()))
        {
            var port = IsFree(PreferredPort) ? PreferredPort : 0;
            builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
