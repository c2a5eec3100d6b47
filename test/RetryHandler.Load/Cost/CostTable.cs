using Microsoft.Extensions.DependencyInjection;

namespace RetryHandler.Load.Cost;

/// <summary>Writes what the line costs, for each load, as a Markdown table.</summary>
internal static class CostTable
{
    /// <param name="output">Where to.</param>
    /// <param name="line">What is measured: adds it to a client.</param>
    /// <returns>Whether all bars are met.</returns>
    public static async Task<bool> WriteAsync(TextWriter output, Action<IHttpClientBuilder> line)
    {
        using var upstream = await HealthyUpstream.StartAsync();
        await output.WriteLineAsync("| load | throughput | p99 | processor time of a call | without the line | bars |");
        await output.WriteLineAsync("|---|---|---|---|---|---|");
        var areMet = true;
        foreach (var row in CostRow.All)
        {
            var result = await new CostRun(upstream, row, line).MeasureAsync();
            await output.WriteLineAsync(result.ToString());
            areMet &= result.Bars.All(static bar => bar.IsMet);
        }

        return areMet;
    }
}
