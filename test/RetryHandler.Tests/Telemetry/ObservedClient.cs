using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace RetryHandler.Tests.Telemetry;

/// <summary>A client of the factory over a scripted upstream, with everything listened to that it tells.</summary>
internal sealed class ObservedClient : IDisposable
{
    private readonly ServiceProvider _services;

    public ObservedClient(
        ManualTimeProvider time, HttpMessageHandler upstream, Action<AdaptiveRetryOptions>? configure = null)
    {
        Time = time;
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(time);
        services.AddLogging(logging => logging.AddProvider(Logs).SetMinimumLevel(LogLevel.Trace));
        services.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => upstream)
            .AddAdaptiveRetry(options => configure?.Invoke(options));
        _services = services.BuildServiceProvider();
        var factory = _services.GetRequiredService<IMeterFactory>();
        Metrics = new CollectedMetrics(instrument => instrument.Meter.Scope == factory);
        Http = _services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        Monitor = _services.GetRequiredService<IAdaptiveRetryMonitor>();
    }

    public ManualTimeProvider Time { get; }

    public CollectedMetrics Metrics { get; }

    public CollectedLogs Logs { get; } = new();

    public HttpClient Http { get; }

    public IAdaptiveRetryMonitor Monitor { get; }

    public ClientSnapshot Snapshot => Monitor.GetSnapshot().Clients.Single();

    public IEnumerable<(string Category, LogLevel Level, EventId Event, string Message)> OwnLogs =>
        Logs.Entries.Where(static entry => entry.Category == "RetryHandler");

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string uri = "http://upstream.test/", CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(method, uri);
        return await Time.RunAsync(Http.SendAsync(request, cancellationToken));
    }

    public Task<HttpResponseMessage> GetAsync(CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Get, cancellationToken: cancellationToken);

    public void Dispose()
    {
        Metrics.Dispose();
        Http.Dispose();
        _services.Dispose();
    }
}
