using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RetryHandler.State;
using static RetryHandler.Tests.Support.ScriptedHandler;

namespace RetryHandler.Tests.Configuration;

/// <summary>Changes of the configuration reach running clients, which keep what they have learned.</summary>
[TestFixture]
[CancelAfter(60_000)]
internal sealed class ReloadTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly CollectedLogs _logs = new();
    private readonly IConfigurationRoot _configuration = new ConfigurationBuilder().AddInMemoryCollection().Build();
    private readonly ServiceCollection _services = new();
    private ServiceProvider? _provider;

    [Test]
    public async Task Reload_ValidChange_IsInForceForTheSameClient()
    {
        var upstream = new ScriptedHandler(_time, Status(503));
        var client = Client(upstream);
        await GetAsync(client);
        Assert.That(upstream.Attempts, Has.Count.EqualTo(3));

        Set("AdaptiveRetry:Defaults:MaxAttempts", "5");
        await GetAsync(client);

        Assert.That(upstream.Attempts, Has.Count.EqualTo(3 + 5));
        Assert.That(Monitor.Get("orders").MaxAttempts, Is.EqualTo(5), "asked of the options as well");
    }

    [Test]
    public async Task Reload_CallUnderWay_KeepsItsSettings()
    {
        var upstream = new ScriptedHandler(_time, Status(503));
        var client = Client(upstream);

        var call = client.GetAsync("http://upstream.test/");
        Set("AdaptiveRetry:Defaults:MaxAttempts", "1");
        (await _time.RunAsync(call)).Dispose();

        Assert.That(upstream.Attempts, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Reload_ValidChange_KeepsQuotaRateAndNothingElse()
    {
        var upstream = new ScriptedHandler(_time, Status(503), Status(503), Status(503), Status(429), Status(200));
        var client = Client(upstream);
        await GetAsync(client);
        await GetAsync(client);
        var before = State.Limiter.State;
        Assert.That(before.IsLimiting);
        Assert.That(State.Quota.Available, Is.EqualTo(500 - (2 * 14)));

        Set("AdaptiveRetry:Defaults:Quota:Capacity", "200");

        Assert.That(State.Quota.Available, Is.EqualTo(200 - (2 * 14)));
        Assert.That(State.Limiter.State.IsLimiting);
        Assert.That(State.Limiter.State.FillRate, Is.EqualTo(before.FillRate));
    }

    [Test]
    public async Task Reload_OtherBoundsOfTheSendRate_MoveTheRateIntoThem()
    {
        var client = Client(new ScriptedHandler(_time, Status(429), Status(200)));
        await GetAsync(client);

        Set("AdaptiveRetry:Defaults:SendRate:MinRate", "1000");

        Assert.That(State.Limiter.State.FillRate, Is.EqualTo(1000));
    }

    [Test]
    public async Task Reload_OtherSettings_LeaveTheBreakerOpen()
    {
        var upstream = new ScriptedHandler(_time, Status(500));
        var client = Client(upstream, options =>
        {
            options.MaxAttempts = 1;
            options.CircuitBreaker.Enabled = true;
            options.CircuitBreaker.MinimumThroughput = 2;
        });
        await GetAsync(client);
        await GetAsync(client);

        Set("AdaptiveRetry:Defaults:TransientServerError:BaseDelay", "00:00:02");

        Assert.That(() => GetAsync(client), Throws.InstanceOf<Polly.CircuitBreaker.BrokenCircuitException>());
        Assert.That(upstream.Attempts, Has.Count.EqualTo(2));
    }

    /// <summary>A breaker that is gone must not be shown open, and make the health check fail, for ever.</summary>
    [Test]
    public async Task Reload_BreakerSwitchedOffWhileOpen_IsSeenNoLonger()
    {
        Set("AdaptiveRetry:Defaults:MaxAttempts", "1");
        Set("AdaptiveRetry:Defaults:CircuitBreaker:MinimumThroughput", "2");
        Set("AdaptiveRetry:Defaults:CircuitBreaker:Enabled", "true");
        var client = Client(new ScriptedHandler(_time, Status(500)));
        await GetAsync(client);
        await GetAsync(client);
        Assert.That(Snapshot.Breaker, Is.EqualTo(BreakerState.Open));

        Set("AdaptiveRetry:Defaults:CircuitBreaker:Enabled", "false");
        await GetAsync(client);

        Assert.That(Snapshot.Breaker, Is.Null);
    }

    /// <summary>Nobody reports to a limiter that is switched off: it would be shown slowing the client for ever.</summary>
    [Test]
    public async Task Reload_SendRateSwitchedOffWhileLimiting_IsDormant()
    {
        var client = Client(new ScriptedHandler(_time, Status(429), Status(200)));
        await GetAsync(client);
        Assert.That(Snapshot.SendRate.State, Is.EqualTo(LimiterState.Limiting));

        Set("AdaptiveRetry:Defaults:SendRate:Enabled", "false");
        await GetAsync(client);

        Assert.That(Snapshot.SendRate.State, Is.EqualTo(LimiterState.Dormant));
        Assert.That(Snapshot.RecentEvents[^1].Kind, Is.EqualTo(RetryEventKind.Restored));
    }

    [Test]
    public async Task Reload_RulesOfClassification_ReachTheBreakerToo()
    {
        var upstream = new ScriptedHandler(_time, Status(404));
        var client = Client(upstream, options =>
        {
            options.MaxAttempts = 1;
            options.CircuitBreaker.Enabled = true;
            options.CircuitBreaker.MinimumThroughput = 2;
        });
        await GetAsync(client);
        Set("AdaptiveRetry:Defaults:Classification:TransientStatusCodes", "404");
        await GetAsync(client);

        Assert.That(() => GetAsync(client), Throws.InstanceOf<Polly.CircuitBreaker.BrokenCircuitException>());
    }

    [Test]
    public async Task Reload_InvalidChange_IsLoggedOnceAndTheOldValuesStay()
    {
        var upstream = new ScriptedHandler(_time, Status(503));
        var client = Client(upstream);
        await GetAsync(client);

        Set("AdaptiveRetry:Defaults:MaxAttempts", "0");
        _configuration.Reload();
        await GetAsync(client);

        Assert.That(upstream.Attempts, Has.Count.EqualTo(3 + 3));
        Assert.That(
            _logs.Entries.Where(static e => e.Event.Id == 13).Select(static e => e.Message),
            Is.EqualTo([
                "HttpClient 'orders': changed settings are not valid, the old ones stay in force. "
                + "HttpClient 'orders': AdaptiveRetry:Defaults:MaxAttempts (0) must be between 1 and 100."]));

        Set("AdaptiveRetry:Defaults:MaxAttempts", "2");
        await GetAsync(client);
        Assert.That(upstream.Attempts, Has.Count.EqualTo(3 + 3 + 2));
    }

    [Test]
    public async Task Reload_UnknownKey_IsInvalidToo()
    {
        var upstream = new ScriptedHandler(_time, Status(503));
        var client = Client(upstream);
        await GetAsync(client);

        Set("AdaptiveRetry:Clients:orders:MaxAttemps", "1");
        await GetAsync(client);

        Assert.That(upstream.Attempts, Has.Count.EqualTo(3 + 3));
        Assert.That(_logs.Entries.Select(static e => e.Message), Has.Some.Contains("did you mean MaxAttempts?"));
    }

    [Test]
    public async Task Reload_QuotaSwitchedOnDuringACall_GivesBackNothingThatWasNotPaid()
    {
        var upstream = new ScriptedHandler(_time, Status(503), Status(503), Status(200));
        var client = Client(upstream, options => options.Quota.RefillPerMinute = 0);
        Set("AdaptiveRetry:Defaults:Quota:Enabled", "false");
        var call = client.GetAsync("http://upstream.test/");

        Set("AdaptiveRetry:Defaults:Quota:Enabled", "true");
        Assert.That(State.Quota.TryTake(100));
        (await _time.RunAsync(call)).Dispose();

        Assert.That(State.Quota.Available, Is.EqualTo(400));
    }

    /// <summary>From a file to a running client: watched, read, validated, applied.</summary>
    [Test]
    public async Task Reload_FileIsSaved_IsInForceWithinASecond()
    {
        var folder = Directory.CreateTempSubdirectory();
        var path = Path.Combine(folder.FullName, "settings.json");
        await File.WriteAllTextAsync(path, """{ "AdaptiveRetry": { "Defaults": { "MaxAttempts": 1 } } }""");
        using var file = (IDisposable)new ConfigurationBuilder()
            .AddJsonFile(path, optional: false, reloadOnChange: true).Build();
        _services.AddAdaptiveRetry((IConfiguration)file);
        Client(new ScriptedHandler(_time, Status(200)));
        var start = TimeProvider.System.GetTimestamp();

        await File.WriteAllTextAsync(path, """{ "AdaptiveRetry": { "Defaults": { "MaxAttempts": 7 } } }""");
        while (State.Loop.MaxAttempts != 7)
        {
            await Task.Delay(5);
        }

        var elapsed = TimeProvider.System.GetElapsedTime(start);
        folder.Delete(recursive: true);
        TestContext.Out.WriteLine($"In force after {elapsed.TotalMilliseconds:F0} ms.");
        Assert.That(elapsed, Is.LessThan(TimeSpan.FromSeconds(5)), "a second, and some for a busy machine");
    }

    [Test]
    public async Task Reload_ProviderDisposed_IsLeftAlone()
    {
        var client = Client(new ScriptedHandler(_time, Status(200)));
        await GetAsync(client);
        var state = State;
        await _provider!.DisposeAsync();

        Set("AdaptiveRetry:Defaults:MaxAttempts", "7");

        Assert.That(state.Loop.MaxAttempts, Is.EqualTo(10));
    }

    public void Dispose()
    {
        _provider?.Dispose();
        _logs.Dispose();
    }

    private ClientState State => _provider!.GetRequiredService<ClientStateRegistry>().Find("orders")!;

    private ClientSnapshot Snapshot =>
        _provider!.GetRequiredService<IAdaptiveRetryMonitor>().GetSnapshot().Clients.Single();

    private IOptionsMonitor<AdaptiveRetryOptions> Monitor =>
        _provider!.GetRequiredService<IOptionsMonitor<AdaptiveRetryOptions>>();

    private void Set(string key, string value)
    {
        _configuration[key] = value;
        _configuration.Reload();
    }

    private async Task GetAsync(HttpClient client) =>
        (await _time.RunAsync(client.GetAsync("http://upstream.test/"))).Dispose();

    private HttpClient Client(HttpMessageHandler upstream, Action<AdaptiveRetryOptions>? configure = null)
    {
        _services.AddSingleton<TimeProvider>(_time);
        _services.AddLogging(logging => logging.AddProvider(_logs));
        _services.AddAdaptiveRetry(_configuration);
        var builder = _services.AddHttpClient("orders").ConfigurePrimaryHttpMessageHandler(() => upstream);
        if (configure is not null)
        {
            builder.AddAdaptiveRetry(configure);
        }

        _provider = _services.BuildServiceProvider();
        return _provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
    }
}
