using Microsoft.Extensions.DependencyInjection;
using RetryHandler.State;

namespace RetryHandler.Tests.EndToEnd;

/// <summary>All callers of a client slow down together; other clients do not notice.</summary>
[TestFixture]
[CancelAfter(60_000)]
internal sealed class SharedSlowDownTests
{
    private const int Callers = 64;

    [Test]
    public async Task GetAsync_OneCallerIsThrottled_AllCallersOfThatClientWaitAndNoOther()
    {
        var refuse = 1;
        await using var throttling = await LoopbackUpstream.StartAsync(context =>
        {
            context.Response.StatusCode = Interlocked.Exchange(ref refuse, 0) == 1 ? 429 : 200;
            return Task.CompletedTask;
        });
        await using var healthy = await LoopbackUpstream.StartAsync(_ => Task.CompletedTask);
        var services = new ServiceCollection();
        services.AddHttpClient().AddAdaptiveRetry(o => o.SendRate.MinRate = 50);
        services.AddHttpClient("throttled", http => http.BaseAddress = throttling.Address);
        services.AddHttpClient("healthy", http => http.BaseAddress = healthy.Address);
        await using var provider = services.BuildServiceProvider();
        var factory = provider.GetRequiredService<IHttpClientFactory>();

        using var first = await factory.CreateClient("throttled").GetAsync("/");
        var waits = await Task.WhenAll(
            Enumerable.Range(0, Callers).Select(_ => WaitOfAsync(factory.CreateClient("throttled"))));
        var otherWaits = await Task.WhenAll(
            Enumerable.Range(0, Callers).Select(_ => WaitOfAsync(factory.CreateClient("healthy"))));

        var limiting = provider.GetRequiredService<ClientStateRegistry>();
        Assert.Multiple(() =>
        {
            Assert.That(first.IsSuccessStatusCode);
            Assert.That(waits.Count(w => w > TimeSpan.Zero), Is.GreaterThan(Callers / 2), "one bucket for all");
            Assert.That(otherWaits, Has.All.EqualTo(TimeSpan.Zero));
            Assert.That(limiting.Find("throttled")!.Limiter.IsLimiting);
            Assert.That(limiting.Find("healthy")!.Limiter.IsLimiting, Is.False);
        });
    }

    private static async Task<TimeSpan> WaitOfAsync(HttpClient client)
    {
        using var response = await client.GetAsync("/");
        return response.GetAdaptiveRetryInfo().TimeWaited;
    }
}
