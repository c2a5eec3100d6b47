using System.Globalization;

namespace RetryHandler.Load.Rate;

/// <summary>Writes results as a Markdown table.</summary>
internal static class RateTable
{
    /// <summary>Runs what the command line asks for.</summary>
    /// <returns>Whether all bars are met.</returns>
    public static async Task<bool> WriteAsync(TextWriter writer, RateCommandLine line)
    {
        await using var session = await RateSession.StartAsync();
        var areMet = true;
        WriteHeader(writer);
        foreach (var scenario in line.Scenarios.SelectMany(scenario => Enumerable.Repeat(scenario, line.Runs)))
        {
            foreach (var client in line.Clients)
            {
                var result = await session.RunAsync(scenario, client, line);
                Write(writer, result);
                areMet &= result.Bars.All(static bar => bar.IsMet);
            }
        }

        return areMet;
    }

    private static void WriteHeader(TextWriter writer)
    {
        writer.WriteLine(
            "| upstream | client | succeeded | time | of ideal | attempts/call | refused | p50 | p99 | bars |");
        writer.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
    }

    private static void Write(TextWriter writer, RateResult result)
    {
        var run = result.Run;
        var bars = string.Join("; ", result.Bars);
        var failures = string.Concat(run.Failures.Select(failure => $", {failure.Value} {failure.Key}"));
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {result.Scenario.Title} | {result.Client.Title} | {run.Succeeded} of {run.Calls}{failures} | {run.Seconds:F2} s "
            + $"| {result.OfIdeal:F3} | {result.AttemptsPerCall:F3} | {result.RefusedShare:P1} "
            + $"| {run.Latency(0.5):F2} s | {run.Latency(0.99):F2} s | {bars} |"));
    }
}
