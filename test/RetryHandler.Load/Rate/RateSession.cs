using System.Globalization;
using FlakyUpstream;
using Microsoft.Extensions.DependencyInjection;

namespace RetryHandler.Load.Rate;

/// <summary>Runs scenarios, each through a client of its own and against a limit of its own.</summary>
internal sealed class RateSession : IAsyncDisposable
{
    private readonly FlakyUpstreamHost _upstream;
    private readonly List<ServiceProvider> _services = [];
    private int _runs;

    private RateSession(FlakyUpstreamHost upstream) => _upstream = upstream;

    /// <summary>Starts the upstream, and makes calls without a limit until the code is compiled.</summary>
    public static async Task<RateSession> StartAsync()
    {
        var session = new RateSession(await FlakyUpstreamHost.StartAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await session.Run(RateClient.Adaptive, "unlimited?key=", calls: 5000).RunClosedAsync(callers: 64, limit.Token);
        return session;
    }

    public async Task<RateResult> RunAsync(RateScenario scenario, RateClient client, RateCommandLine line)
    {
        using var limit = new CancellationTokenSource(scenario.TimeLimit(line.Calls));
        var run = Run(client, $"{scenario.Behaviour}&key=", line.Calls);
        var running = scenario.CallsPerSecond is { } callsPerSecond
            ? run.RunOpenAsync(callsPerSecond, limit.Token)
            : run.RunClosedAsync(line.Callers, limit.Token);
        if (line.Timeline > 0)
        {
            await WatchAsync(running, TimeSpan.FromSeconds(line.Timeline));
        }

        await running;
        return new RateResult(scenario, client, run, _upstream.Stats(Key));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var services in _services)
        {
            await services.DisposeAsync();
        }

        await _upstream.DisposeAsync();
    }

    private async Task WatchAsync(Task running, TimeSpan step)
    {
        using var timer = new PeriodicTimer(step);
        var before = _upstream.Stats(Key);
        for (var start = TimeSpan.Zero; !running.IsCompleted; start += step)
        {
            await timer.WaitForNextTickAsync();
            var now = _upstream.Stats(Key);
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{start.TotalSeconds:F2} s: {now.Accepted - before.Accepted} accepted, "
                + $"{now.Refused - before.Refused} refused"));
            before = now;
        }
    }

    private string Key => $"run-{_runs}";

    /// <summary>Makes a run whose client has learned nothing yet, and whose limit is untouched.</summary>
    private RateRun Run(RateClient client, string path, int calls)
    {
        _runs++;
        var services = new ServiceCollection();
        client.Add(services.AddHttpClient(Key, http => http.BaseAddress = _upstream.BaseAddress));
        var provider = services.BuildServiceProvider();
        _services.Add(provider);
        return new RateRun(provider.GetRequiredService<IHttpClientFactory>().CreateClient(Key), path + Key, calls);
    }
}
