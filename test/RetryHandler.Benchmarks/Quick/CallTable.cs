using System.Globalization;
using RetryHandler.Benchmarks.Calls;

namespace RetryHandler.Benchmarks.Quick;

/// <summary>Writes the rows as Markdown, ratios first.</summary>
internal static class CallTable
{
    public static void Write(TextWriter output, IEnumerable<CallRow> rows)
    {
        output.WriteLine("| this library | goal | bytes | goal | pass-through | Polly retry | bare client | call |");
        output.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var row in rows)
        {
            using var runs = new PairedRuns(row);
            var results = runs.Measure();
            var bare = results[(int)ClientKind.Bare];
            var ours = results[(int)ClientKind.AdaptiveRetry];
            output.WriteLine(
                $"| {ours.Ratio.ToString("F2")} | {Number(row.MostRatio, "F2")} | {More(ours, bare)} "
                + $"| {row.MostBytes} | {Other(ClientKind.PassThrough)} | {Other(ClientKind.PollyRetry)} "
                + $"| {Number(bare.Nanoseconds.Median, "F0")} ns, {Number(bare.Bytes, "F0")} B | {row} |");

            string Other(ClientKind kind) =>
                $"{Number(results[(int)kind].Ratio.Median, "F2")}, {More(results[(int)kind], bare)} B";
        }
    }

    private static string More(CallResult result, CallResult bare) =>
        (Math.Round(result.Bytes) - Math.Round(bare.Bytes)).ToString("+0;-0;0", CultureInfo.InvariantCulture);

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
