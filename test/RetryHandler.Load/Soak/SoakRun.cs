using System.Diagnostics;
using System.Globalization;
using FlakyUpstream;

namespace RetryHandler.Load.Soak;

/// <summary>1,024 callers of ten clients, each against another kind of trouble, while settings and handlers change.</summary>
internal sealed class SoakRun(FlakyUpstreamHost upstream, SoakServices services, TextWriter output)
{
    private const int Callers = 1024;

    private static readonly TimeSpan LastCalls = TimeSpan.FromMinutes(2);

    private readonly Dictionary<SoakClient, SoakTally> _tallies =
        SoakClient.All.ToDictionary(static client => client, static _ => new SoakTally());

    /// <returns>Whether all bars are met.</returns>
    public static async Task<bool> WriteAsync(TextWriter output, TimeSpan duration)
    {
        var unobserved = 0;
        TaskScheduler.UnobservedTaskException += (_, e) =>
        {
            Interlocked.Increment(ref unobserved);
            Console.Error.WriteLine(e.Exception);
        };
        await using var upstream = await FlakyUpstreamHost.StartAsync();
        await using var services = new SoakServices(upstream.BaseAddress);

        List<Bar> bars = [.. await new SoakRun(upstream, services, output).RunAsync(duration)];

        GC.Collect();
        GC.WaitForPendingFinalizers();
        bars.Add(new Bar("exceptions that nobody saw", Volatile.Read(ref unobserved), Max: 0));
        await output.WriteLineAsync($"\n{bars.Count(static bar => bar.IsMet)} of {bars.Count} bars met.");
        foreach (var bar in bars.Where(static bar => !bar.IsMet || !bar.Name.Contains(':', StringComparison.Ordinal)))
        {
            await output.WriteLineAsync($"- {bar}");
        }

        return bars.All(static bar => bar.IsMet);
    }

    private async Task<IReadOnlyList<Bar>> RunAsync(TimeSpan duration)
    {
        using var isOver = new CancellationTokenSource(duration);
        var growth = new SoakGrowth();
        var watching = growth.WatchAsync(output, duration, isOver.Token);
        var reloading = services.ReloadAsync(isOver.Token);
        var callers = SoakClient.All.Select(client => CallersOf(client).RunAsync(Callers / SoakClient.All.Count, isOver.Token));
        var start = Stopwatch.GetTimestamp();

        await Task.WhenAll(callers).WaitAsync(duration + LastCalls, CancellationToken.None);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await watching;
        var reloads = await reloading;

        var bars = new List<Bar>(growth.Bars);
        foreach (var client in SoakClient.All)
        {
            bars.Add(new Bar($"{client.Name}: succeeds afterwards", await SuccessesOf(client), Min: 1));
        }

        await WriteTableAsync(seconds, reloads);
        bars.AddRange(services.Monitor.GetSnapshot().Clients.SelectMany(snapshot => CheckCounts(snapshot)));
        return bars;
    }

    private SoakCallers CallersOf(SoakClient client) => new(services.Factory, client, _tallies[client]);

    private async Task<double> SuccessesOf(SoakClient client)
    {
        var callers = CallersOf(client);
        var successes = 0;
        for (var i = 0; i < 20; i++)
        {
            successes += await callers.CallAsync() ? 1 : 0;
        }

        return successes;
    }

    private IEnumerable<Bar> CheckCounts(ClientSnapshot snapshot)
    {
        var client = SoakClient.All.Single(client => client.Name == snapshot.Name);
        return SoakCounts.Check(client, _tallies[client], snapshot, upstream.Stats(client.Name));
    }

    private async Task WriteTableAsync(double seconds, int reloads)
    {
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"\n{_tallies.Values.Sum(static tally => tally.Started)} calls in {seconds:F0} s, {reloads} reloads"));
        await output.WriteLineAsync("\n| client | calls | succeeded | attempts | refused | faulted |");
        await output.WriteLineAsync("|---|---|---|---|---|---|");
        foreach (var (client, tally) in _tallies)
        {
            var stats = upstream.Stats(client.Name);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"| {client.Name}: {client.Behaviour} | {tally.Started} | {(double)tally.Succeeded / tally.Started:P1} "
                + $"| {stats.Attempts} | {(double)stats.Refused / stats.Attempts:P1} | {stats.Faulted} |"));
        }
    }
}
