using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace RetryHandler.Tests.EndToEnd;

/// <summary>An outage must not become a retry storm, and after it the client retries again by itself.</summary>
[TestFixture]
[CancelAfter(120_000)]
internal sealed class RetryQuotaRampTests
{
    private const int CallsPerStep = 400;
    private static readonly int[] ErrorShares = [0, 10, 50, 100, 100, 50, 0, 0, 10, 0];

    [Test]
    public async Task SendAsync_ErrorsRampUpAndDown_RetriesStopAndComeBack()
    {
        var share = 0;
        var random = new Random(1);
        await using var upstream = await LoopbackUpstream.StartAsync(context =>
        {
            lock (random)
            {
                context.Response.StatusCode = random.Next(100) < Volatile.Read(ref share) ? 500 : 200;
            }

            return Task.CompletedTask;
        });
        var services = new ServiceCollection();
        services.AddHttpClient("orders", http => http.BaseAddress = upstream.Address).AddAdaptiveRetry();
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        var steps = new List<(int Share, double AttemptsPerCall)>();

        TestContext.Out.WriteLine("| error share | calls/s | attempts/s | attempts per call | failed calls |");
        TestContext.Out.WriteLine("|---|---|---|---|---|");
        foreach (var step in ErrorShares)
        {
            Volatile.Write(ref share, step);
            var before = upstream.Requests;
            var start = TimeProvider.System.GetTimestamp();
            var failed = await OfferAsync(client);
            var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
            var attempts = upstream.Requests - before;
            steps.Add((step, (double)attempts / CallsPerStep));
            TestContext.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {step} % | {CallsPerStep / seconds:F0} | {attempts / seconds:F0} | "
                + $"{(double)attempts / CallsPerStep:F3} | {failed} |"));
        }

        Assert.Multiple(() =>
        {
            Assert.That(steps[0].AttemptsPerCall, Is.EqualTo(1));
            Assert.That(steps[1].AttemptsPerCall, Is.GreaterThan(1.05), "a few errors are retried");
            Assert.That(steps[4].AttemptsPerCall, Is.LessThanOrEqualTo(1.02), "outage, quota spent");
            Assert.That(steps[8].AttemptsPerCall, Is.GreaterThan(1.05), "retries are back after the outage");
        });
    }

    /// <summary>Offers calls at a constant pace, in batches, whatever becomes of them.</summary>
    private static async Task<int> OfferAsync(HttpClient client)
    {
        const int Batch = 8;
        var calls = new List<Task<bool>>();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (calls.Count < CallsPerStep && await pace.WaitForNextTickAsync())
        {
            for (var i = 0; i < Batch; i++)
            {
                calls.Add(SucceedsAsync(client));
            }
        }

        return (await Task.WhenAll(calls)).Count(succeeded => !succeeded);
    }

    private static async Task<bool> SucceedsAsync(HttpClient client)
    {
        using var response = await client.GetAsync("/");
        return response.IsSuccessStatusCode;
    }
}
