using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RetryHandler.State;

namespace RetryHandler.Tests.EndToEnd;

/// <summary>Settings change while many callers are under way, against an upstream that throttles.</summary>
[TestFixture]
[CancelAfter(120_000)]
internal sealed class ReloadUnderLoadTests
{
    private const int Callers = 64;
    private const double LowestRate = 30;
    private const int Reloads = 50;

    [Test]
    public async Task Reload_64CallersUnderWay_FailsNoCallAndKeepsTheLearnedRate()
    {
        await using var upstream = await StartThrottlingUpstreamAsync();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("AdaptiveRetry:Clients:orders:Throttled:BaseDelay", "00:00:00.020"),
            new("AdaptiveRetry:Clients:orders:SendRate:MinRate", $"{LowestRate}"),
        ]).Build();
        var services = new ServiceCollection();
        services.AddAdaptiveRetry(configuration);
        services.AddHttpClient("orders", http => http.BaseAddress = upstream.Address);
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        var state = provider.GetRequiredService<ClientStateRegistry>().Find("orders")!;

        var (sent, failed, isOver) = (0, 0, false);
        var calls = Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (!Volatile.Read(ref isOver))
            {
                using var response = await client.GetAsync("/");
                Interlocked.Increment(ref sent);
                Interlocked.Add(ref failed, response.IsSuccessStatusCode ? 0 : 1);
            }
        })).ToList();
        while (state.Limiter.State.FillRate <= 1.2 * LowestRate)
        {
            await Task.Delay(1); // Until it has learned more than where to begin.
        }

        var steps = new List<(double Before, double After)>();
        for (var i = 0; i < Reloads; i++)
        {
            configuration["AdaptiveRetry:Clients:orders:Throttled:MaxAttempts"] = $"{20 + (i % 5)}";
            configuration["AdaptiveRetry:Clients:orders:Quota:Capacity"] = $"{500 + i}";
            configuration["AdaptiveRetry:Defaults:Transient:BaseDelay"] = $"00:00:00.0{10 + i}";
            var before = state.Limiter.State.FillRate;
            configuration.Reload();
            steps.Add((before, state.Limiter.State.FillRate));
            Assert.That(state.Limiter.IsLimiting, "the limiter was not made anew");
            Assert.That(state.Loop.MaxAttempts, Is.EqualTo(20 + (i % 5)), "the change is in force");
            await Task.Delay(10);
        }

        Volatile.Write(ref isOver, true);
        await Task.WhenAll(calls);

        TestContext.Out.WriteLine(
            $"{sent} calls, {failed} failed, {upstream.Requests} attempts, {Reloads} reloads; "
            + $"rates between {steps.Min(static s => s.Before):F0} and {steps.Max(static s => s.Before):F0}/s.");
        Assert.That(failed, Is.Zero);

        // Answers move the rate meanwhile; a limiter made anew would be at its lowest, every time.
        Assert.That(
            steps.Count(static step => step.After > LowestRate && step.After >= 0.6 * step.Before),
            Is.GreaterThanOrEqualTo(Reloads * 9 / 10));
    }

    /// <summary>A token bucket of 400 calls a second, with a burst of 40.</summary>
    private static Task<LoopbackUpstream> StartThrottlingUpstreamAsync()
    {
        var gate = new Lock();
        var (tokens, last) = (40.0, TimeProvider.System.GetTimestamp());
        return LoopbackUpstream.StartAsync(context =>
        {
            lock (gate)
            {
                var now = TimeProvider.System.GetTimestamp();
                tokens = Math.Min(40, tokens + (400 * TimeProvider.System.GetElapsedTime(last, now).TotalSeconds));
                last = now;
                context.Response.StatusCode = tokens >= 1 ? 200 : 429;
                tokens -= tokens >= 1 ? 1 : 0;
            }

            return Task.CompletedTask;
        });
    }
}
