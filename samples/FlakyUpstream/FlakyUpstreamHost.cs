using FlakyUpstream.Behaviours;
using FlakyUpstream.Orders;

namespace FlakyUpstream;

/// <summary>A running upstream with real limits and faults: alone as a program, or inside another process.</summary>
public sealed class FlakyUpstreamHost : IAsyncDisposable
{
    private const string DefaultUrl = "http://127.0.0.1:5080";
    private const string AnyFreePort = "http://127.0.0.1:0";

    private readonly WebApplication _app;

    private FlakyUpstreamHost(WebApplication app)
    {
        _app = app;
        BaseAddress = new Uri(app.Urls.First());
    }

    /// <summary>The address it listens at, with the real port and a slash at the end.</summary>
    public Uri BaseAddress { get; }

    /// <summary>Starts an upstream inside this process, on a free loopback port.</summary>
    public static Task<FlakyUpstreamHost> StartAsync(CancellationToken cancellationToken = default)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(AnyFreePort);
        // Ctrl+C belongs to the process around it; two console lifetimes would race for it.
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        return StartAsync(builder, cancellationToken);
    }

    /// <summary>What the calls with this key met, over all limits that carry it; all zero for an unknown key.</summary>
    public UpstreamStats Stats(string key) => _app.Services.GetRequiredService<BehaviourRegistry>().Stats(key);

    /// <summary>Changes, while it is in use, what the behaviour <c>tuned?key=...</c> stands for.</summary>
    /// <param name="key">The name of the behaviour and of its counters, which go on.</param>
    /// <param name="text">The behaviour without its key, for example <c>token-bucket?rate=50</c>.</param>
    /// <exception cref="FormatException">The text is not understood; the message says why.</exception>
    public void Tune(string key, string text) => _app.Services.GetRequiredService<BehaviourRegistry>().Tune(key, text);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    internal static Task<FlakyUpstreamHost> StartStandaloneAsync(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        return StartAsync(builder, CancellationToken.None);
    }

    internal Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    private static async Task<FlakyUpstreamHost> StartAsync(
        WebApplicationBuilder builder, CancellationToken cancellationToken)
    {
        // A line per request would make the console the bottleneck of every load test.
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<BehaviourRegistry>();
        builder.Services.AddSingleton<OrderBook>();

        var app = builder.Build();
        app.MapHelp();
        app.MapBehaviours();
        app.MapOrders();
        await app.StartAsync(cancellationToken);
        return new FlakyUpstreamHost(app);
    }

    private sealed class EmbeddedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
