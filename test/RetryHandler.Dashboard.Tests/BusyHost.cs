using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polly.CircuitBreaker;

namespace RetryHandler.Dashboard.Tests;

/// <summary>A web application with a dashboard, and clients that are busy; the first one is throttled.</summary>
internal sealed class BusyHost : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly WebApplication _app;
    private readonly Task _load;

    private BusyHost(WebApplication app, IReadOnlyList<string> names)
    {
        _app = app;
        Dashboard = new Uri(new Uri(app.Urls.First()), "/retries");
        var factory = app.Services.GetRequiredService<IHttpClientFactory>();
        _load = Task.WhenAll(names.SelectMany(name =>
            Enumerable.Range(0, 8).Select(_ => CallAsync(factory.CreateClient(name)))));
    }

    public Uri Dashboard { get; }

    public IAdaptiveRetryMonitor Monitor => _app.Services.GetRequiredService<IAdaptiveRetryMonitor>();

    /// <param name="clients">How many clients; the first is throttled, the last of four or more fails at times.</param>
    /// <param name="suffix">Stands behind each name.</param>
    /// <param name="configure">Changes the settings of all.</param>
    public static async Task<BusyHost> StartAsync(
        int clients, string suffix = "", Action<AdaptiveRetryOptions>? configure = null)
    {
        var names = Enumerable.Range(0, clients).Select(i => $"client-{i:D2}{suffix}").ToList();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        for (var i = 0; i < clients; i++)
        {
            var upstream = new ScriptedUpstream(isLimited: i == 0, isFailing: clients > 3 && i == clients - 1);
            builder.Services.AddHttpClient(names[i]).AddAdaptiveRetry(options => configure?.Invoke(options))
                .ConfigurePrimaryHttpMessageHandler(() => upstream);
        }

        var app = builder.Build();
        app.MapAdaptiveRetryDashboard();
        await app.StartAsync();
        return new BusyHost(app, names);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _load;
        await _app.StopAsync();
        await _app.DisposeAsync();
        _end.Dispose();
    }

    private async Task CallAsync(HttpClient client)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using var response = await client.GetAsync("http://upstream.test/", _end.Token);
                await Task.Delay(TimeSpan.FromMilliseconds(100 + Random.Shared.Next(100)), _end.Token);
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                return;
            }
            catch (BrokenCircuitException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    /// <summary>Takes 20 calls a second, or all of them; or answers every third with 503.</summary>
    private sealed class ScriptedUpstream(bool isLimited, bool isFailing) : HttpMessageHandler
    {
        private readonly FixedWindowRateLimiter _limit = new(new()
        {
            PermitLimit = 5,
            Window = TimeSpan.FromSeconds(0.25),
            QueueLimit = 0,
        });

        private int _calls;

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(20, cancellationToken);
            var status = isFailing && Interlocked.Increment(ref _calls) % 3 == 0 ? HttpStatusCode.ServiceUnavailable
                : isLimited && !_limit.AttemptAcquire().IsAcquired ? HttpStatusCode.TooManyRequests
                : HttpStatusCode.OK;
            return new HttpResponseMessage(status) { RequestMessage = request };
        }
    }
}
