namespace RetryHandler.Load.Cost;

/// <summary>Writes what the line costs, for each load, as a Markdown table.</summary>
internal static class CostTable
{
    /// <returns>Whether all bars are met.</returns>
    public static async Task<bool> WriteAsync(TextWriter output)
    {
        using var upstream = await HealthyUpstream.StartAsync();
        await output.WriteLineAsync("| load | throughput | p99 | processor time of a call | without the line | bars |");
        await output.WriteLineAsync("|---|---|---|---|---|---|");
        var areMet = true;
        foreach (var row in CostRow.All)
        {
            var result = await new CostRun(upstream, row).MeasureAsync();
            await output.WriteLineAsync(result.ToString());
            areMet &= result.Bars.All(static bar => bar.IsMet);
        }

        return areMet;
    }
}
