using System.Globalization;

namespace StoreFront.Demo;

/// <summary>The results of one upstream, a line per client.</summary>
internal static class ResultTable
{
    private const string Header =
        "  client     succeeded  failed  attempts  refused     time  of ideal      p50      p99";

    public static void WriteTo(TextWriter output, IReadOnlyList<RunResult> results, TimeSpan ideal)
    {
        output.WriteLine(Header);
        foreach (var result in results)
        {
            output.WriteLine(Row(result, ideal));
        }

        foreach (var result in results.Where(result => result.Failed > 0))
        {
            output.WriteLine($"  {result.Client.DisplayName()} failed: {Reasons(result)}");
        }

        output.WriteLine();
    }

    private static string Row(RunResult result, TimeSpan ideal) => string.Create(
        CultureInfo.InvariantCulture,
        $"  {result.Client.DisplayName(),-10} {result.Run.Succeeded,9:N0} {result.Failed,7:N0} "
        + $"{result.Upstream.Attempts,9:N0} {result.RefusedShare,8:P1} "
        + $"{Seconds(result.Time),8} {Ratio(result.Time, ideal),9} "
        + $"{Latency(result, 0.5),8} {Latency(result, 0.99),8}");

    private static string Reasons(RunResult result)
    {
        var reasons = result.Run.Failures
            .OrderByDescending(failure => failure.Value)
            .Select(failure => $"{Count(failure.Value)} x {failure.Key}");
        var unmade = result.Run.Calls - result.Run.Finished;
        return string.Join(", ", unmade > 0 ? reasons.Append($"{Count(unmade)} never made") : reasons);
    }

    private static string Count(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F2} s");

    private static string Latency(RunResult result, double share)
    {
        var latency = result.Latency(share);
        return latency < TimeSpan.FromSeconds(1)
            ? string.Create(CultureInfo.InvariantCulture, $"{latency.TotalMilliseconds:F0} ms")
            : Seconds(latency);
    }

    private static string Ratio(TimeSpan time, TimeSpan ideal) => ideal > TimeSpan.Zero
        ? string.Create(CultureInfo.InvariantCulture, $"{time / ideal:F2}")
        : "-";
}
