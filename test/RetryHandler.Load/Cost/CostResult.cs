using System.Globalization;

namespace RetryHandler.Load.Cost;

/// <summary>What came out for one load.</summary>
internal sealed record CostResult(CostRow Row, IReadOnlyList<PairOfSlices> Runs)
{
    private const double LeastThroughput = 0.97;
    private const double Most = 1.05;

    public IReadOnlyList<Bar> Bars =>
    [
        new("throughput", Median(static run => run.Throughput), Min: LeastThroughput),
        new("p99", Median(static run => run.Tail), Max: Most),
        new("processor time", Median(static run => run.ProcessorTime), Max: Most),
    ];

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Row} | {Spread(static run => run.Throughput)} | {Spread(static run => run.Tail)} "
        + $"| {Spread(static run => run.ProcessorTime)} "
        + $"| {Median(static run => run.Bare.CallsPerSecond):F0}/s, {1000 * Median(static run => run.Bare.Tail):F1} ms, "
        + $"{1e6 * Median(static run => run.Bare.ProcessorTime):F1} µs | {string.Join("; ", Bars)} |");

    private double Median(Func<PairOfSlices, double> figure) => PairOfSlices.Median(Runs.Select(figure));

    private string Spread(Func<PairOfSlices, double> figure) => string.Create(
        CultureInfo.InvariantCulture, $"{Median(figure):F3} ({Runs.Min(figure):F3}-{Runs.Max(figure):F3})");
}
