using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace RetryHandler.Tests.EndToEnd;

/// <summary>
/// <see cref="HttpClient.Send(HttpRequestMessage)"/> silently bypasses a handler that overrides only the asynchronous
/// method.
/// </summary>
[TestFixture]
[CancelAfter(60_000)]
internal sealed class SynchronousSendTests
{
    [Test]
    public async Task Send_FailsThenSucceeds_RetriesWithTheSameContent()
    {
        var bodies = new List<string>();
        await using var upstream = await LoopbackUpstream.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            bodies.Add(await reader.ReadToEndAsync());
            context.Response.StatusCode = bodies.Count < 3 ? 503 : 200;
            await context.Response.WriteAsync($"answer {bodies.Count}");
        });
        await using var provider = Services(upstream);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/") { Content = new StringContent("payload") };

        using var response = Send(provider, request);

        using var reader = new StreamReader(response.Content.ReadAsStream());
        var answer = await reader.ReadToEndAsync();
        Assert.Multiple(() =>
        {
            Assert.That(answer, Is.EqualTo("answer 3"));
            Assert.That(bodies, Is.EqualTo(new[] { "payload", "payload", "payload" }));
            Assert.That(response.GetAdaptiveRetryInfo().Attempts, Is.EqualTo(3));
        });
    }

    [Test]
    public async Task Send_AlwaysFails_ReturnsTheLastResponseWithItsBody()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(context =>
        {
            context.Response.StatusCode = 503;
            return context.Response.WriteAsync("busy");
        });
        await using var provider = Services(upstream);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");

        using var response = Send(provider, request);

        using var reader = new StreamReader(response.Content.ReadAsStream());
        Assert.That(await reader.ReadToEndAsync(), Is.EqualTo("busy"));
        Assert.That(upstream.Requests, Is.EqualTo(3));
    }

    [Test]
    public async Task Send_WaitsForATokenAndIsCancelled_ThrowsPromptly()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(context =>
        {
            context.Response.StatusCode = 429;
            return Task.CompletedTask;
        });
        await using var provider = Services(upstream, o => o.SendRate.MinRate = 0.01);
        using var caller = new CancellationTokenSource(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        var start = TimeProvider.System.GetTimestamp();

        Assert.That(
            () => provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders").Send(request, caller.Token),
            Throws.InstanceOf<OperationCanceledException>());

        Assert.That(TimeProvider.System.GetElapsedTime(start), Is.LessThan(TimeSpan.FromSeconds(20)));
        Assert.That(upstream.Requests, Is.EqualTo(1));
    }

    [Test]
    public async Task Send_Unreachable_RethrowsTheOriginalException()
    {
        var upstream = await LoopbackUpstream.StartAsync(_ => Task.CompletedTask);
        var address = upstream.Address;
        await upstream.DisposeAsync();
        await using var provider = Services(upstream: null, address: address);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");

        var thrown = Assert.Throws<HttpRequestException>(() => Send(provider, request));

        Assert.That(thrown!.HttpRequestError, Is.EqualTo(HttpRequestError.ConnectionError));
    }

    private static HttpResponseMessage Send(IServiceProvider provider, HttpRequestMessage request) =>
        provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders")
            .Send(request, HttpCompletionOption.ResponseHeadersRead);

    private static ServiceProvider Services(
        LoopbackUpstream? upstream, Action<AdaptiveRetryOptions>? configure = null, Uri? address = null)
    {
        var services = new ServiceCollection();
        services.AddHttpClient("orders", http => http.BaseAddress = address ?? upstream!.Address)
            .AddAdaptiveRetry(configure ?? (_ => { }));
        return services.BuildServiceProvider();
    }
}
