using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace RetryHandler.Load.Cost;

/// <summary>An upstream without limits or faults, in a process of its own.</summary>
internal sealed class HealthyUpstream : IDisposable
{
    public const string Command = "serve";

    private static readonly byte[] Body = "{\"id\":1}"u8.ToArray();

    private readonly Process _process;
    private readonly Dictionary<Version, Uri> _addresses;

    private HealthyUpstream(Process process, Dictionary<Version, Uri> addresses) =>
        (_process, _addresses) = (process, addresses);

    /// <summary>Starts the process and waits until it listens.</summary>
    public static async Task<HealthyUpstream> StartAsync()
    {
        // Ends when its standard input does, so that it never outlives this process, however that ends.
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, Command)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var addresses = new Dictionary<Version, Uri>();
        foreach (var version in (Version[])[HttpVersion.Version11, HttpVersion.Version20])
        {
            var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30))
                ?? throw new InvalidOperationException("The upstream did not start.");
            addresses.Add(version, new Uri(line));
        }

        return new HealthyUpstream(process, addresses);
    }

    /// <summary>The other process: serves until standard input ends.</summary>
    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2);
        });
        await using var app = builder.Build();
        app.Run(static context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = Body.Length;
            return context.Response.Body.WriteAsync(Body).AsTask();
        });
        await app.StartAsync();
        foreach (var address in app.Urls)
        {
            Console.WriteLine(address);
        }

        await Console.In.ReadToEndAsync();
        await app.StopAsync();
    }

    public Uri AddressFor(Version version) => _addresses[version];

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
