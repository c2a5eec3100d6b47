using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static RetryHandler.Tests.Support.ScriptedHandler;

namespace RetryHandler.Tests.DependencyInjection;

[TestFixture]
[CancelAfter(30_000)]
internal sealed class NestedRetriesTests
{
    private readonly CollectedLogs _logs = new();
    private readonly ServiceCollection _services = new();

    [SetUp]
    public void SetUp() => _services.AddLogging(b => b.AddProvider(_logs).SetMinimumLevel(LogLevel.Warning));

    [TearDown]
    public void TearDown() => _logs.Dispose();

    [TestCase(true)]
    [TestCase(false)]
    public async Task SendAsync_ResilienceHandlerOnTheSameClient_WarnsOnceWithTheProduct(bool outside)
    {
        var builder = _services.AddHttpClient("orders")
            .ConfigurePrimaryHttpMessageHandler(() => new ScriptedHandler(Status(200)));
        _ = outside
            ? builder.AddHttpMessageHandler(() => new ResilienceHandler()).AddAdaptiveRetry()
            : builder.AddAdaptiveRetry().AddHttpMessageHandler(() => new ResilienceHandler());

        await SendTwiceAsync();

        Assert.That(Warnings(), Is.EqualTo(new[]
        {
            "HttpClient 'orders': two retry layers, this one and a ResilienceHandler, make up to 40 attempts for one "
                + "call (10 x 4); remove one of them.",
        }));
    }

    [Test]
    public async Task SendAsync_SecondAdaptiveRetryHandlerInside_WarnsWithTheProduct()
    {
        _services.AddHttpClient("orders")
            .ConfigurePrimaryHttpMessageHandler(() => new ScriptedHandler(Status(200)))
            .AddAdaptiveRetry(o => o.MaxAttempts = 3)
            .AddHttpMessageHandler(() => new AdaptiveRetryHandler(new AdaptiveRetryOptions { MaxAttempts = 2 }));

        await SendTwiceAsync();

        Assert.That(Warnings(), Has.One.Contains("6 attempts for one call (3 x 2)"));
    }

    [Test]
    public async Task SendAsync_NoOtherRetries_DoesNotWarn()
    {
        _services.AddHttpClient("orders")
            .ConfigurePrimaryHttpMessageHandler(() => new ScriptedHandler(Status(200)))
            .AddAdaptiveRetry();

        await SendTwiceAsync();

        Assert.That(Warnings(), Is.Empty);
    }

    private IEnumerable<string> Warnings() =>
        _logs.Entries.Where(e => e.Event.Name == "NestedRetries").Select(e => e.Message);

    private async Task SendTwiceAsync()
    {
        await using var provider = _services.BuildServiceProvider();
        var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        (await client.GetAsync("http://upstream.test/")).Dispose();
        (await client.GetAsync("http://upstream.test/")).Dispose();
    }

    /// <summary>Stands for the handler of the standard resilience package, which is known by its type name.</summary>
    private sealed class ResilienceHandler : DelegatingHandler;
}
