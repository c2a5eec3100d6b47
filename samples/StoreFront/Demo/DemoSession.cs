using System.Globalization;
using FlakyUpstream;
using StoreFront.Orders;

namespace StoreFront.Demo;

/// <summary>The same load through each client against each upstream, with a table per upstream.</summary>
internal sealed class DemoSession(
    DemoOptions options, FlakyUpstreamHost upstreamHost, IHttpClientFactory clients, TextWriter output)
{
    private readonly ProgressLine _progress = new(output, interactive: !Console.IsOutputRedirected);
    private readonly TimeSpan _ideal = DemoUpstream.IdealTime(options.Calls);

    // A client that gets stuck must not keep the demo from ending.
    private TimeSpan TimeLimit => TimeSpan.FromSeconds(Math.Max(120, 5 * _ideal.TotalSeconds));

    /// <returns>Whether the adaptive client, where it ran, completed every call.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{options.Callers} callers make {options.Calls:N0} calls through one client; ideal time "
            + $"{_ideal.TotalSeconds:F1} s. Latencies include all waiting.\n"));

        var adaptiveCompletedAll = true;
        foreach (var upstream in DemoUpstream.All)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return false;
            }

            var results = await RunClientsAsync(upstream, cancellationToken);
            adaptiveCompletedAll &= results.All(result => result.Client != ClientKind.Adaptive || result.Failed == 0);
        }

        return adaptiveCompletedAll;
    }

    private async Task<IReadOnlyList<RunResult>> RunClientsAsync(
        DemoUpstream upstream, CancellationToken cancellationToken)
    {
        output.WriteLine($"Upstream: {upstream}");
        List<RunResult> results = [];
        foreach (var kind in options.Clients)
        {
            results.Add(await RunClientAsync(kind, upstream, cancellationToken));
        }

        ResultTable.WriteTo(output, results, _ideal);
        return results;
    }

    private async Task<RunResult> RunClientAsync(
        ClientKind kind, DemoUpstream upstream, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(TimeLimit);

        var client = new OrdersClient(clients.CreateClient(upstream.NameFor(kind)));
        var run = new LoadRun(client, options.Calls, options.Callers);
        await _progress.WatchAsync(kind.DisplayName(), run, run.RunAsync(limited.Token));
        return new RunResult(kind, run, run.Elapsed, upstreamHost.Stats(upstream.NameFor(kind)));
    }
}
