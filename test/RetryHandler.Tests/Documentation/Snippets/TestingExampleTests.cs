using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace RetryHandler.Tests.Documentation.Snippets;

/// <summary>The examples of docs/testing.md.</summary>
[TestFixture]
[CancelAfter(60_000)]
internal sealed class TestingExampleTests
{
    [Test]
    public async Task GetAsync_ThrottledOnce_IsRetriedInVirtualTime()
    {
        var clock = new ManualClock();
        var upstream = new ScriptedUpstream(HttpStatusCode.TooManyRequests, HttpStatusCode.OK);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(clock);
        services.AddHttpClient<OrdersClient>(http => http.BaseAddress = new Uri("https://orders.example"))
            .ConfigurePrimaryHttpMessageHandler(() => upstream)
            .AddAdaptiveRetry();
        await using var provider = services.BuildServiceProvider();

        var orders = provider.GetRequiredService<OrdersClient>();
        using var response = await clock.RunAsync(orders.Http.GetAsync("/orders/7"));

        Assert.That(response.GetAdaptiveRetryInfo().Attempts, Is.EqualTo(2));
        Assert.That(upstream.Attempts, Is.EqualTo(2));
    }

    [Test]
    public async Task GetAsync_Outage_IsNoStorm()
    {
        var clock = new ManualClock();
        var upstream = new ScriptedUpstream(HttpStatusCode.InternalServerError);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(clock);
        services.AddHttpClient("orders", http => http.BaseAddress = new Uri("https://orders.example"))
            .ConfigurePrimaryHttpMessageHandler(() => upstream)
            .AddAdaptiveRetry();
        await using var provider = services.BuildServiceProvider();
        var http = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

        for (var call = 0; call < 1000; call++)
        {
            using var response = await clock.RunAsync(http.GetAsync("/orders/7"));
        }

        var totals = provider.GetRequiredService<IAdaptiveRetryMonitor>().GetSnapshot().Clients.Single().Totals;
        Assert.That(totals.Calls, Is.EqualTo(1000));
        Assert.That(totals.Amplification, Is.LessThan(1.05));   // the quota is spent, and there is no storm
    }

    [Test]
    public async Task GetAsync_WithoutContainer_IsRetried()
    {
        var clock = new ManualClock();
        var upstream = new ScriptedUpstream(HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK);
        var options = new AdaptiveRetryOptions { MaxAttempts = 2 };
        using var http = new HttpClient(new AdaptiveRetryHandler(options, clock) { InnerHandler = upstream });

        using var response = await clock.RunAsync(http.GetAsync(new Uri("https://orders.example/orders/7")));

        Assert.That(response.GetAdaptiveRetryInfo().Attempts, Is.EqualTo(2));
    }

    /// <summary>The clock is no shortcut: a call waits for what it was told, and not longer than it should.</summary>
    [Test]
    public async Task RunAsync_RetryAfter_MovesTheClockByIt()
    {
        var clock = new ManualClock();
        var start = clock.GetUtcNow();
        var options = new AdaptiveRetryOptions();
        using var upstream = new ScriptedHandler(
            ScriptedHandler.Status(429, null, ("Retry-After", "30")), ScriptedHandler.Status(200));
        using var http = new HttpClient(new AdaptiveRetryHandler(options, clock) { InnerHandler = upstream });

        using var response = await clock.RunAsync(http.GetAsync(new Uri("https://orders.example/orders/7")));

        Assert.That(response.IsSuccessStatusCode);
        Assert.That((clock.GetUtcNow() - start).TotalSeconds, Is.InRange(30, 31.1));
    }
}
