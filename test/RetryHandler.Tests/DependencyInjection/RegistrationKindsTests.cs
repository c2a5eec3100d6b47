using System.Net;
using Microsoft.Extensions.DependencyInjection;
using static RetryHandler.Tests.Support.ScriptedHandler;

namespace RetryHandler.Tests.DependencyInjection;

/// <summary>All the ways in which people make clients.</summary>
[TestFixture]
[CancelAfter(30_000)]
internal sealed class RegistrationKindsTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly ServiceCollection _services = new();
    private ScriptedHandler _upstream = null!;

    [SetUp]
    public void SetUp()
    {
        _upstream = new ScriptedHandler(_time, Status(503), Status(200));
        _services.AddSingleton<TimeProvider>(_time);
        _services.ConfigureHttpClientDefaults(
            builder => builder.ConfigurePrimaryHttpMessageHandler(() => _upstream));
    }

    [TearDown]
    public void TearDown() => _upstream.Dispose();

    [Test]
    public async Task TypedClient_Retries()
    {
        _services.AddHttpClient<Catalog>(SetAddress).AddAdaptiveRetry();

        await AssertRetriesAsync(provider => provider.GetRequiredService<Catalog>().GetAsync());
    }

    [Test]
    public async Task TypedClientBehindAnInterface_Retries()
    {
        _services.AddHttpClient<ICatalog, Catalog>(SetAddress).AddAdaptiveRetry();

        await AssertRetriesAsync(provider => provider.GetRequiredService<ICatalog>().GetAsync());
    }

    /// <summary>What Refit does: an interface whose implementation is made from a factory's client.</summary>
    [Test]
    public async Task ClientMadeByADelegate_Retries()
    {
        _services.AddHttpClient("ICatalog", SetAddress)
            .AddTypedClient<ICatalog>((http, _) => new Catalog(http))
            .AddAdaptiveRetry();

        await AssertRetriesAsync(provider => provider.GetRequiredService<ICatalog>().GetAsync());
    }

    /// <summary>A keyed client is a named one, injected by its key.</summary>
    [Test]
    public async Task KeyedClient_Retries()
    {
        _services.AddHttpClient("orders", SetAddress).AddAsKeyed().AddAdaptiveRetry();

        await AssertRetriesAsync(
            provider => provider.GetRequiredKeyedService<HttpClient>("orders").GetAsync("/"));
    }

    [Test]
    public async Task KeyedClientWithDefaults_HasItsOwnStateAndSettings()
    {
        _services.AddAdaptiveRetry(options => options.MaxAttempts = 1);
        _services.AddHttpClient("orders", SetAddress).AddAsKeyed().AddAdaptiveRetry(options => options.MaxAttempts = 2);

        await AssertRetriesAsync(
            provider => provider.GetRequiredKeyedService<HttpClient>("orders").GetAsync("/"));
    }

    [Test]
    public async Task HandlerOfTheFactory_Retries()
    {
        _services.AddHttpClient("orders").AddAdaptiveRetry();

        await AssertRetriesAsync(provider =>
        {
            var handler = provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("orders");
            return new HttpClient(handler, disposeHandler: false).GetAsync("http://upstream.test/");
        });
    }

    [Test]
    public async Task UnnamedClient_Retries()
    {
        _services.AddHttpClient(string.Empty, SetAddress).AddAdaptiveRetry();

        await AssertRetriesAsync(
            provider => provider.GetRequiredService<IHttpClientFactory>().CreateClient().GetAsync("/"));
    }

    [Test]
    public async Task ClientWithoutServices_Retries()
    {
        using var client = new HttpClient(
            new AdaptiveRetryHandler(new AdaptiveRetryOptions(), _time) { InnerHandler = _upstream });

        using var response = await _time.RunAsync(client.GetAsync("http://upstream.test/"));

        Assert.That(_upstream.Attempts, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task AllClients_RemovedFromATypedOne_IsLeftAlone()
    {
        _services.AddAdaptiveRetry();
        _services.AddHttpClient<Catalog>(SetAddress).RemoveAdaptiveRetry();
        await using var provider = _services.BuildServiceProvider();

        using var response = await provider.GetRequiredService<Catalog>().GetAsync();

        Assert.That(_upstream.Attempts, Has.Count.EqualTo(1));
    }

    private static void SetAddress(HttpClient http) => http.BaseAddress = new Uri("http://upstream.test/");

    private async Task AssertRetriesAsync(Func<IServiceProvider, Task<HttpResponseMessage>> send)
    {
        await using var provider = _services.BuildServiceProvider(validateScopes: false);

        using var response = await _time.RunAsync(send(provider));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(_upstream.Attempts, Has.Count.EqualTo(2));
    }

    private interface ICatalog
    {
        Task<HttpResponseMessage> GetAsync();
    }

    private sealed class Catalog(HttpClient http) : ICatalog
    {
        public Task<HttpResponseMessage> GetAsync() => http.GetAsync("/");
    }
}
