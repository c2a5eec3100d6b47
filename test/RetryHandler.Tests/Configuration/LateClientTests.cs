using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using static RetryHandler.Tests.Support.ScriptedHandler;

namespace RetryHandler.Tests.Configuration;

/// <summary>The host reads all settings at its start; clients are made later, when these may have changed.</summary>
[TestFixture]
[CancelAfter(60_000)]
internal sealed class LateClientTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly CollectedLogs _logs = new();
    private readonly IConfigurationRoot _configuration = new ConfigurationBuilder().AddInMemoryCollection().Build();
    private ServiceProvider? _provider;

    [Test]
    public async Task Reload_BetweenHostStartAndFirstClient_IsInForce()
    {
        var upstream = new ScriptedHandler(_time, Status(503));
        StartHost(upstream);

        Set("AdaptiveRetry:Defaults:MaxAttempts", "2");
        Set("AdaptiveRetry:Defaults:SendRate:Controller", "Cubic");
        await GetAsync(CreateClient());

        Assert.That(upstream.Attempts, Has.Count.EqualTo(2));
        Assert.That(_provider!.GetRequiredService<IOptionsMonitor<AdaptiveRetryOptions>>().Get("orders").SendRate.Controller, Is.EqualTo(SendRateControllerKind.Cubic));
        Assert.That(_logs.Entries.Where(static e => e.Event.Id == 13), Is.Empty);
    }

    [Test]
    public async Task Reload_InvalidBetweenHostStartAndFirstClient_IsLoggedOnceAndTheOldValuesStay()
    {
        var upstream = new ScriptedHandler(_time, Status(503));
        StartHost(upstream);

        Set("AdaptiveRetry:Defaults:MaxAttempts", "0");
        await GetAsync(CreateClient());
        _configuration.Reload();

        Assert.That(upstream.Attempts, Has.Count.EqualTo(3));
        Assert.That(_logs.Entries.Count(static e => e.Event.Id == 13), Is.EqualTo(1));

        Set("AdaptiveRetry:Defaults:MaxAttempts", "2");
        await GetAsync(CreateClient());
        Assert.That(upstream.Attempts, Has.Count.EqualTo(3 + 2));
    }

    public void Dispose()
    {
        _provider?.Dispose();
        _logs.Dispose();
    }

    private void StartHost(HttpMessageHandler upstream)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services.AddLogging(logging => logging.AddProvider(_logs));
        services.AddAdaptiveRetry(_configuration);
        services.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => upstream).AddAdaptiveRetry();
        _provider = services.BuildServiceProvider();
        _provider.GetRequiredService<IStartupValidator>().Validate();
    }

    private void Set(string key, string value)
    {
        _configuration[key] = value;
        _configuration.Reload();
    }

    private HttpClient CreateClient() =>
        _provider!.GetRequiredService<IHttpClientFactory>().CreateClient("orders");

    private async Task GetAsync(HttpClient client) =>
        (await _time.RunAsync(client.GetAsync("http://upstream.test/"))).Dispose();
}
