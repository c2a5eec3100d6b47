using Microsoft.Extensions.DependencyInjection;

namespace RetryHandler.Tests.EndToEnd.Experiments;

/// <summary>
/// Errors ramp up to an outage and down again under constant load: what each style of budget lets through, and that
/// retries come back by themselves.
/// </summary>
/// <remarks>
/// The figures of the README: <c>RETRYHANDLER_FULL=1 RETRYHANDLER_PLOT=file.svg dotnet test -f net10.0 --filter
/// FullyQualifiedName~RetryQuotaRamp</c>.
/// </remarks>
[TestFixture]
[CancelAfter(300_000)]
internal sealed class RetryQuotaRampTests
{
    private const int PerSecond = 800;
    private static readonly int CallsPerStep = FullSize.Of(full: 2 * PerSecond, small: 200);
    private static readonly int[] ErrorShares = [0, 10, 25, 50, 75, 100, 75, 50, 25, 10, 0];

    private static readonly (string Name, Action<AdaptiveRetryOptions> Configure)[] Budgets =
    [
        ("none", static options => options.Quota.Enabled = false),
        ("tokens (default)", static _ => { }),
        ("tokens, 4200/min back", static options => options.Quota.RefillPerMinute = 4200),
        ("ratio 20 %", static options => options.Quota.Kind = RetryQuotaKind.Ratio),
    ];

    [Test]
    public async Task SendAsync_ErrorsRampUpAndDown_EachBudgetHoldsItsBound()
    {
        var runs = new List<RampRun>();
        foreach (var (name, configure) in Budgets)
        {
            runs.Add(new RampRun(name, await RampAsync(configure)));
        }

        TestContext.Out.WriteLine(RampReport.Table(ErrorShares, runs));
        if (Environment.GetEnvironmentVariable("RETRYHANDLER_PLOT") is { } path)
        {
            await File.WriteAllTextAsync(path, RampReport.Plot(ErrorShares, runs));
        }

        const int Outage = 5;
        const int Recovering = 9;
        Assert.Multiple(() =>
        {
            Assert.That(runs.Select(static run => run.Steps[0].PerCall), Has.All.EqualTo(1), "no errors, no retries");
            Assert.That(runs.Select(static run => run.Steps[1].PerCall), Has.All.GreaterThan(1.04), "few are retried");
            Assert.That(runs[0].Steps[Outage].PerCall, Is.EqualTo(3), "without a budget: a storm");
            Assert.That(runs[1].Steps[Outage].PerCall, Is.LessThanOrEqualTo(1.02), "tokens: spent");
            Assert.That(runs[2].Steps[Outage].PerCall, Is.InRange(1.0, 1.1), "refill: 5 retries a second");
            Assert.That(runs[3].Steps.Average(static step => step.PerCall), Is.InRange(1.1, 1.22), "ratio: a fifth");
            Assert.That(runs[3].Steps[Outage].PerCall, Is.LessThan(1.5), "what the 10 seconds before left over");
            Assert.That(runs.Select(static run => run.Steps[Recovering].PerCall), Has.All.GreaterThan(1.02), "back");
        });
    }

    private static async Task<IReadOnlyList<RampStep>> RampAsync(Action<AdaptiveRetryOptions> configure)
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
        services.AddHttpClient("orders", http => http.BaseAddress = upstream.Address).AddAdaptiveRetry(configure);
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        var steps = new List<RampStep>();
        foreach (var step in ErrorShares)
        {
            Volatile.Write(ref share, step);
            var before = upstream.Requests;
            var start = TimeProvider.System.GetTimestamp();
            var failed = await OfferAsync(client);
            var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
            var attempts = upstream.Requests - before;
            steps.Add(new RampStep(attempts / seconds, (double)attempts / CallsPerStep, (double)failed / CallsPerStep));
        }

        return steps;
    }

    /// <summary>Offers calls at a constant pace, in batches, whatever becomes of them.</summary>
    private static async Task<int> OfferAsync(HttpClient client)
    {
        const int Batch = PerSecond / 100;
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
