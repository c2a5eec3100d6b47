using Microsoft.Extensions.DependencyInjection;

namespace RetryHandler.Load.Cost;

/// <summary>Measures a client with the line and one without it, in turns.</summary>
/// <remarks>
/// In turns of about a second, each pair in the other order than the one before it: the ratio of two neighbours holds on
/// a machine that others use, where the figures themselves do not. Turns are long enough that the start of the callers,
/// all at once, is no part of the figures.
/// </remarks>
/// <param name="upstream">The upstream.</param>
/// <param name="row">The load.</param>
/// <param name="line">What is measured: adds it to a client.</param>
internal sealed class CostRun(HealthyUpstream upstream, CostRow row, Action<IHttpClientBuilder> line)
{
    private const int Runs = 5;
    private const int PairsPerRun = 8;
    private const int CallsPerTurn = 64 * 1024;
    private const string Bare = "bare";
    private const string WithLine = "adaptive";

    public async Task<CostResult> MeasureAsync()
    {
        await using var services = BuildServices();
        var factory = services.GetRequiredService<IHttpClientFactory>();
        var (bare, adaptive) = (factory.CreateClient(Bare), factory.CreateClient(WithLine));
        for (var i = 0; i < 2; i++)
        {
            await MeasureAsync(bare);
            await MeasureAsync(adaptive);
        }

        var runs = new List<PairOfSlices>();
        for (var run = 0; run < Runs; run++)
        {
            var pairs = new List<PairOfSlices>();
            for (var i = 0; i < PairsPerRun; i++)
            {
                var isBareFirst = i % 2 == 0;
                var first = await MeasureAsync(isBareFirst ? bare : adaptive);
                var second = await MeasureAsync(isBareFirst ? adaptive : bare);
                pairs.Add(isBareFirst ? new(first, second) : new(second, first));
            }

            runs.Add(PairOfSlices.MedianOf(pairs));
        }

        return new CostResult(row, runs);
    }

    private Task<Slice> MeasureAsync(HttpClient client) => Slice.MeasureAsync(client, row.Callers, CallsPerTurn);

    private ServiceProvider BuildServices()
    {
        var services = new ServiceCollection();
        services.AddHttpClient(Bare, Configure);
        line(services.AddHttpClient(WithLine, Configure));
        return services.BuildServiceProvider();
    }

    private void Configure(HttpClient client)
    {
        client.BaseAddress = upstream.AddressFor(row.Version);
        client.DefaultRequestVersion = row.Version;
        client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
    }
}
