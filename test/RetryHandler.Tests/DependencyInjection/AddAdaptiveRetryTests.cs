using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;
using RetryHandler.State;
using static RetryHandler.Tests.Support.ScriptedHandler;

namespace RetryHandler.Tests.DependencyInjection;

[TestFixture]
[CancelAfter(30_000)]
internal sealed class AddAdaptiveRetryTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly ServiceCollection _services = new();

    [SetUp]
    public void SetUp() => _services.AddSingleton<TimeProvider>(_time);

    [Test]
    public async Task AddAdaptiveRetry_NamedClient_Retries()
    {
        var upstream = new ScriptedHandler(_time, Status(503), Status(200));
        AddClient("orders", upstream).AddAdaptiveRetry();
        await using var provider = _services.BuildServiceProvider();

        using var response = await GetAsync(provider, "orders");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(upstream.Attempts, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task AddAdaptiveRetry_OtherClient_IsLeftAlone()
    {
        var upstream = new ScriptedHandler(_time, Status(503), Status(200));
        _services.AddHttpClient("orders").AddAdaptiveRetry();
        AddClient("other", upstream);
        await using var provider = _services.BuildServiceProvider();

        using var response = await GetAsync(provider, "other");

        Assert.That(upstream.Attempts, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task AddAdaptiveRetry_CalledTwice_ReplacesAndDoesNotStack()
    {
        var upstream = new ScriptedHandler(_time, Status(503));
        AddClient("orders", upstream).AddAdaptiveRetry().AddAdaptiveRetry(o => o.MaxAttempts = 2);
        await using var provider = _services.BuildServiceProvider();

        using var response = await GetAsync(provider, "orders");

        Assert.That(upstream.Attempts, Has.Count.EqualTo(2));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task AddAdaptiveRetry_DefaultsAndOwn_ClientsOwnSettingsWin(bool defaultsFirst)
    {
        var upstream = new ScriptedHandler(_time, Status(503));
        if (defaultsFirst)
        {
            _services.AddHttpClient().AddAdaptiveRetry(o => o.MaxAttempts = 5);
        }

        AddClient("orders", upstream).AddAdaptiveRetry(o => o.MaxAttempts = 2);
        if (!defaultsFirst)
        {
            _services.AddHttpClient().AddAdaptiveRetry(o => o.MaxAttempts = 5);
        }

        await using var provider = _services.BuildServiceProvider();
        using var response = await GetAsync(provider, "orders");

        Assert.That(upstream.Attempts, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task AddAdaptiveRetry_DefaultsAndOwn_TheClientsOwnCallDecidesThePlace()
    {
        var inner = 0;
        var upstream = new ScriptedHandler(_time, Status(503));
        _services.AddHttpClient().AddAdaptiveRetry();
        AddClient("orders", upstream)
            .AddHttpMessageHandler(() => new CountingHandler(() => inner++))
            .AddAdaptiveRetry();
        await using var provider = _services.BuildServiceProvider();

        using var response = await GetAsync(provider, "orders");

        Assert.That(inner, Is.EqualTo(1), "added before the retries: it sees the call once");
        Assert.That(upstream.Attempts, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task AddAdaptiveRetry_HandlerAddedAfter_SeesEveryAttempt()
    {
        var inner = 0;
        var upstream = new ScriptedHandler(_time, Status(503));
        AddClient("orders", upstream)
            .AddAdaptiveRetry()
            .AddHttpMessageHandler(() => new CountingHandler(() => inner++));
        await using var provider = _services.BuildServiceProvider();

        using var response = await GetAsync(provider, "orders");

        Assert.That(inner, Is.EqualTo(3));
    }

    [Test]
    public async Task AddAdaptiveRetry_AllClients_EachHasAStateOfItsOwn()
    {
        var throttling = new ScriptedHandler(_time, Status(429));
        var healthy = new ScriptedHandler(_time, Status(200));
        _services.AddHttpClient().AddAdaptiveRetry(o => o.MaxAttempts = 1);
        AddClient("throttled", throttling);
        AddClient("healthy", healthy);
        await using var provider = _services.BuildServiceProvider();

        (await GetAsync(provider, "throttled")).Dispose();
        (await GetAsync(provider, "healthy")).Dispose();

        Assert.Multiple(() =>
        {
            Assert.That(State(provider, "throttled").Limiter.IsLimiting);
            Assert.That(State(provider, "healthy").Limiter.IsLimiting, Is.False);
            Assert.That(_time.Elapsed, Is.EqualTo(TimeSpan.Zero));
        });
    }

    [Test]
    public async Task AddAdaptiveRetry_AllClients_NamesNeverRegisteredAreIncluded()
    {
        var upstream = new ScriptedHandler(_time, Status(503));
        _services.ConfigureHttpClientDefaults(b => b.ConfigurePrimaryHttpMessageHandler(() => upstream));
        _services.AddHttpClient().AddAdaptiveRetry();
        await using var provider = _services.BuildServiceProvider();

        (await GetAsync(provider, "made up")).Dispose();
        (await GetAsync(provider, "invented")).Dispose();

        Assert.That(upstream.Attempts, Has.Count.EqualTo(6));
        Assert.That(State(provider, "made up"), Is.Not.SameAs(State(provider, "invented")));
    }

    [Test]
    public async Task AddAdaptiveRetry_HandlerRotated_KeepsWhatWasLearned()
    {
        var upstream = new ScriptedHandler(_time, Status(429));
        AddClient("orders", upstream).AddAdaptiveRetry(o => o.MaxAttempts = 1);
        await using var provider = _services.BuildServiceProvider();
        var factory = provider.GetRequiredService<IHttpMessageHandlerFactory>();
        (await GetAsync(provider, "orders")).Dispose();

        // What the factory does when a handler's lifetime is over: it builds the chain anew from the same options.
        var builder = provider.GetRequiredService<HttpMessageHandlerBuilder>();
        builder.Name = "orders";
        var options = provider.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>().Get("orders");
        foreach (var action in options.HttpMessageHandlerBuilderActions)
        {
            action(builder);
        }

        using var rotated = new HttpMessageInvoker(builder.Build());
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://upstream.test/");
        var call = rotated.SendAsync(request, CancellationToken.None);

        Assert.That(factory.CreateHandler("orders"), Is.Not.Null);
        Assert.That(
            State(provider, "orders").Limiter.State.Waiting, Is.EqualTo(1), "slowed by what the old one learned");
        (await _time.RunAsync(call)).Dispose();
    }

    [Test]
    public async Task RemoveAdaptiveRetry_AddedForAllClients_RemovesItFromOne()
    {
        var upstream = new ScriptedHandler(_time, Status(503));
        _services.AddHttpClient().AddAdaptiveRetry();
        AddClient("orders", upstream).RemoveAdaptiveRetry();
        await using var provider = _services.BuildServiceProvider();

        using var response = await GetAsync(provider, "orders");

        Assert.That(upstream.Attempts, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task AddAdaptiveRetry_ConfigureWithServices_GetsThem()
    {
        var upstream = new ScriptedHandler(_time, Status(503));
        _services.AddSingleton(new Attempts(4));
        AddClient("orders", upstream).AddAdaptiveRetry(
            (options, services) => options.MaxAttempts = services.GetRequiredService<Attempts>().Count);
        await using var provider = _services.BuildServiceProvider();

        using var response = await GetAsync(provider, "orders");

        Assert.That(upstream.Attempts, Has.Count.EqualTo(4));
    }

    [Test]
    public void CreateClient_InvalidOptions_NamesClientPropertyValueAndRemedyOfAll()
    {
        AddClient("orders", new ScriptedHandler(Status(200))).AddAdaptiveRetry(o =>
        {
            o.MaxAttempts = 0;
            o.Throttled.BaseDelay = TimeSpan.FromMinutes(1);
            o.SendRate.MinRate = double.NaN;
        });
        using var provider = _services.BuildServiceProvider();

        var thrown = Assert.Throws<OptionsValidationException>(
            () => provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders"));

        Assert.That(thrown!.Failures, Is.EqualTo(new[]
        {
            "HttpClient 'orders': MaxAttempts (0) must be between 1 and 100.",
            "HttpClient 'orders': SendRate.MinRate (NaN) must be above 0 and at most 1000000.",
            "HttpClient 'orders': Throttled.BaseDelay (00:01:00) is longer than Throttled.MaxDelay (00:00:20); "
                + "raise MaxDelay or lower it.",
        }));
    }

    [Test]
    public void Validate_AtHostStart_FindsInvalidOptions()
    {
        _services.AddHttpClient("orders").AddAdaptiveRetry(o => o.MaxAttempts = 0);
        using var provider = _services.BuildServiceProvider();

        Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());
    }

    private static ClientState State(IServiceProvider services, string name) =>
        services.GetRequiredService<ClientStateRegistry>().Find(name)!;

    private IHttpClientBuilder AddClient(string name, HttpMessageHandler upstream) =>
        _services.AddHttpClient(name).ConfigurePrimaryHttpMessageHandler(() => upstream);

    private Task<HttpResponseMessage> GetAsync(IServiceProvider services, string name) =>
        _time.RunAsync(
            services.GetRequiredService<IHttpClientFactory>().CreateClient(name).GetAsync("http://upstream.test/"));

    private sealed record Attempts(int Count);

    private sealed class CountingHandler(Action onSend) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            onSend();
            return base.SendAsync(request, cancellationToken);
        }
    }
}
