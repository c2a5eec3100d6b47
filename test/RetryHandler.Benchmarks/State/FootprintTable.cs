using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using RetryHandler.Benchmarks.Quick;
using RetryHandler.State;
using RetryHandler.Telemetry;

namespace RetryHandler.Benchmarks.State;

/// <summary>What clients and partitions keep in memory, and what it takes to create a client.</summary>
internal static class FootprintTable
{
    private const int Clients = 2000;
    private const int Partitions = 100_000;
    private const int Runs = 15;
    private const int CreationsPerTurn = 2000;

    public static async Task WriteAsync(TextWriter output)
    {
        await output.WriteLineAsync("| what | with the line | goal |");
        await output.WriteLineAsync("|---|---|---|");
        await output.WriteLineAsync(Text($"| the state of an idle client | {HeapOfStates() / Clients:N0} B | 4,096 B |"));
        var perClient = (await HeapOfClientsAsync(adaptive: true) - await HeapOfClientsAsync(adaptive: false)) / Clients;
        await output.WriteLineAsync(Text($"| the same with its options and its handler | {perClient:N0} B | |"));
        await output.WriteLineAsync(Text(
            $"| {Partitions:N0} partitions, each after a call | {await HeapOfPartitionsAsync() / (1 << 20):F0} MiB | 400 MiB |"));
        var more = Spread.Of(CreationTimes());
        await output.WriteLineAsync($"| creating a client from the factory | {more.ToString("F2")} µs more | 5 µs more |");
    }

    private static double HeapOfStates()
    {
        var states = new ClientState[Clients];
        using var hub = new TelemetryHub();

        // The first one brings what all share.
        states[0] = new ClientState("client", new AdaptiveRetryOptions(), TimeProvider.System, hub);
        var before = Heap();
        for (var i = 0; i < Clients; i++)
        {
            states[i] = new ClientState("client", new AdaptiveRetryOptions(), TimeProvider.System, hub);
        }

        var heap = Heap() - before;
        GC.KeepAlive(states);
        return heap;
    }

    private static async Task<double> HeapOfClientsAsync(bool adaptive)
    {
        var services = new ServiceCollection();
        for (var i = 0; i < Clients; i++)
        {
            Add(services, $"client-{i}", adaptive);
        }

        await using var provider = services.BuildServiceProvider();
        var factory = provider.GetRequiredService<IHttpClientFactory>();

        // The first one brings what all share.
        await CallAsync(factory, "client-0");
        var before = Heap();
        for (var i = 0; i < Clients; i++)
        {
            await CallAsync(factory, $"client-{i}");
        }

        return Heap() - before;
    }

    private static async Task<double> HeapOfPartitionsAsync()
    {
        var services = new ServiceCollection();
        Add(services, "client", adaptive: true);
        services.Configure<AdaptiveRetryOptions>("client", static options =>
        {
            options.Partition.MaxPartitions = Partitions;
            options.Partition.IdleTimeout = TimeSpan.FromDays(1);
        });
        await using var provider = services.BuildServiceProvider();
        using var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("client");
        var before = Heap();
        for (var i = 0; i < Partitions; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "http://upstream.test/");
            using var response = await client.SendAsync(request.SetAdaptiveRetryPartition($"tenant-{i}"));
        }

        var count = provider.GetRequiredService<IAdaptiveRetryMonitor>().GetSnapshot().Clients[0].PartitionCount;
        return count >= Partitions
            ? Heap() - before
            : throw new InvalidOperationException($"There are {count} partitions.");
    }

    /// <summary>Measures the difference in microseconds, in turns.</summary>
    private static IEnumerable<double> CreationTimes()
    {
        var services = new ServiceCollection();
        Add(services, "bare", adaptive: false);
        Add(services, "adaptive", adaptive: true);
        using var provider = services.BuildServiceProvider();
        var factory = provider.GetRequiredService<IHttpClientFactory>();
        for (var i = 0; i < 2 * Runs; i++)
        {
            var more = TimeOf(factory, "adaptive") - TimeOf(factory, "bare");
            if (i >= Runs)
            {
                yield return more;
            }
        }
    }

    private static double TimeOf(IHttpClientFactory factory, string name)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < CreationsPerTurn; i++)
        {
            factory.CreateClient(name).Dispose();
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / CreationsPerTurn;
    }

    private static void Add(IServiceCollection services, string name, bool adaptive)
    {
        var builder = services.AddHttpClient(name).ConfigurePrimaryHttpMessageHandler(static () => new Transport());
        if (adaptive)
        {
            builder.AddAdaptiveRetry();
        }
    }

    private static async Task CallAsync(IHttpClientFactory factory, string name)
    {
        using var client = factory.CreateClient(name);
        using var response = await client.GetAsync(new Uri("http://upstream.test/"));
    }

    private static double Heap()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class Transport : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request });
    }
}
