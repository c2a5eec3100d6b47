using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>A real HTTP/2 server without TLS on a free loopback port.</summary>
internal sealed class KestrelHttp2 : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;

    private KestrelHttp2(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>Gets how many requests arrived.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <param name="handle">Handles a request; its number, from 1, comes with it.</param>
    public static async Task<KestrelHttp2> StartAsync(Func<HttpContext, int, Task> handle)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2));
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var upstream = new KestrelHttp2(app);
        app.Run(context => handle(context, Interlocked.Increment(ref upstream._requests)));
        await app.StartAsync();
        return upstream;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
