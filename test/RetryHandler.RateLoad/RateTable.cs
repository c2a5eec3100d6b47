using System.Globalization;

namespace RetryHandler.RateLoad;

/// <summary>Writes results as a Markdown table.</summary>
internal static class RateTable
{
    public static void WriteHeader(TextWriter writer)
    {
        writer.WriteLine(
            "| upstream | client | succeeded | time | of ideal | attempts/call | refused | p50 | p99 | bars |");
        writer.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
    }

    public static void Write(TextWriter writer, RateResult result)
    {
        var run = result.Run;
        var bars = string.Join("; ", result.Bars.Select(bar => $"{bar.Name} {bar}"));
        var failures = string.Concat(run.Failures.Select(failure => $", {failure.Value} {failure.Key}"));
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {result.Scenario.Title} | {result.Client.Title} | {run.Succeeded} of {run.Calls}{failures} | {run.Seconds:F2} s "
            + $"| {result.OfIdeal:F3} | {result.AttemptsPerCall:F3} | {result.RefusedShare:P1} "
            + $"| {run.Latency(0.5):F2} s | {run.Latency(0.99):F2} s | {bars} |"));
    }
}
