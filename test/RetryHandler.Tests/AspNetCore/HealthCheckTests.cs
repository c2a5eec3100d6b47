using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RetryHandler.Tests.AspNetCore;

[CancelAfter(30_000)]
public sealed class HealthCheckTests
{
    private readonly ManualTimeProvider _time = new();

    [Test]
    public async Task Check_ClientThatIsSlowed_IsHealthy()
    {
        var report = await CheckAsync([ScriptedHandler.Status(429), ScriptedHandler.Status(200)]);

        Assert.That(report.Status, Is.EqualTo(HealthStatus.Healthy));
        Assert.That(report.Entries["adaptive_retry"].Description, Is.EqualTo("1 clients."));
    }

    [Test]
    public async Task Check_ClosedClient_IsDegradedAndNamesIt()
    {
        var report = await CheckAsync([ScriptedHandler.Status(429, null, ("Retry-After", "300"))]);

        Assert.That(report.Status, Is.EqualTo(HealthStatus.Degraded));
        Assert.That(
            report.Entries["adaptive_retry"].Description,
            Is.EqualTo("'orders' is closed: the upstream asked for a longer pause than calls wait."));
        Assert.That(report.Entries["adaptive_retry"].Data.Keys, Is.EqualTo(new[] { "orders" }));
    }

    [Test]
    public async Task Check_NoClientAtAll_SaysWhatIsMissing()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddHealthChecks().AddAdaptiveRetryHealthCheck();
        await using var provider = services.BuildServiceProvider();

        await Assert.ThatAsync(
            () => ReportAsync(provider), Throws.InvalidOperationException.With.Message.Contains("AddAdaptiveRetry()"));
    }

    [Test]
    public async Task Check_EmptyQuota_IsDegradedUntilItRefills()
    {
        using var services = Build(
            static o => o.Quota.Capacity = 20,
            [ScriptedHandler.Status(503), ScriptedHandler.Status(503), ScriptedHandler.Status(200)]);

        await SendAsync(services);
        var empty = await ReportAsync(services);
        await SendAsync(services);
        var stillEmpty = await ReportAsync(services);
        for (var i = 0; i < 7; i++)
        {
            await SendAsync(services);
        }

        var refilled = await ReportAsync(services);

        Assert.That(empty.Status, Is.EqualTo(HealthStatus.Degraded));
        Assert.That(empty.Entries["adaptive_retry"].Description, Does.Contain("no retry quota left"));
        Assert.That(stillEmpty.Status, Is.EqualTo(HealthStatus.Degraded), "7 tokens are not enough for a retry");
        Assert.That(refilled.Status, Is.EqualTo(HealthStatus.Healthy));
    }

    [Test]
    public async Task Check_OpenCircuit_HasTheAskedStatus()
    {
        using var services = Build(
            static o =>
            {
                o.CircuitBreaker.Enabled = true;
                o.CircuitBreaker.MinimumThroughput = 2;
            },
            [ScriptedHandler.Status(503)],
            HealthStatus.Unhealthy);

        Assert.CatchAsync(() => SendAsync(services));

        Assert.That((await ReportAsync(services)).Status, Is.EqualTo(HealthStatus.Unhealthy));
    }

    private async Task<HealthReport> CheckAsync(Func<HttpRequestMessage, HttpResponseMessage>[] steps)
    {
        using var services = Build(null, steps);
        await SendAsync(services);
        return await ReportAsync(services);
    }

    private static Task<HealthReport> ReportAsync(IServiceProvider services) =>
        services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

    private async Task SendAsync(IServiceProvider services)
    {
        var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        using var response = await _time.RunAsync(client.GetAsync("http://upstream.test/"));
    }

    private ServiceProvider Build(
        Action<AdaptiveRetryOptions>? configure,
        Func<HttpRequestMessage, HttpResponseMessage>[] steps,
        HealthStatus status = HealthStatus.Degraded)
    {
        var upstream = new ScriptedHandler(_time, steps);
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton<TimeProvider>(_time);
        services.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => upstream)
            .AddAdaptiveRetry(options => configure?.Invoke(options));
        services.AddHealthChecks().AddAdaptiveRetryHealthCheck(failureStatus: status);
        return services.BuildServiceProvider();
    }
}
