using FlakyUpstream;
using Microsoft.Extensions.DependencyInjection;

namespace RetryHandler.RateLoad;

/// <summary>Runs scenarios, each through a client of its own and against a limit of its own.</summary>
internal sealed class RateSession : IAsyncDisposable
{
    private readonly FlakyUpstreamHost _upstream;
    private readonly ServiceProvider _services;
    private int _runs;

    private RateSession(FlakyUpstreamHost upstream)
    {
        _upstream = upstream;
        var services = new ServiceCollection();
        services.AddHttpClient().AddAdaptiveRetry();
        _services = services.BuildServiceProvider();
    }

    /// <summary>Starts the upstream, and makes calls without a limit until the code is compiled.</summary>
    public static async Task<RateSession> StartAsync()
    {
        var session = new RateSession(await FlakyUpstreamHost.StartAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await session.Run("unlimited?key=", calls: 5000).RunClosedAsync(callers: 64, limit.Token);
        return session;
    }

    public async Task<RateResult> RunAsync(RateScenario scenario, int calls, int callers)
    {
        using var limit = new CancellationTokenSource(scenario.TimeLimit(calls));
        var run = Run($"{scenario.Behaviour}&key=", calls);
        await (scenario.CallsPerSecond is { } callsPerSecond
            ? run.RunOpenAsync(callsPerSecond, limit.Token)
            : run.RunClosedAsync(callers, limit.Token));
        return new RateResult(scenario, run, _upstream.Stats(Key));
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    private string Key => $"run-{_runs}";

    /// <summary>Makes a run whose client has learned nothing yet, and whose limit is untouched.</summary>
    private RateRun Run(string path, int calls)
    {
        _runs++;
        var client = _services.GetRequiredService<IHttpClientFactory>().CreateClient(Key);
        client.BaseAddress = _upstream.BaseAddress;
        return new RateRun(client, path + Key, calls);
    }
}
