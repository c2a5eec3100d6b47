namespace RetryHandler.Simulation.Measuring;

/// <summary>The figures of a run, and the medians of several.</summary>
internal static class Figures
{
    public static IReadOnlyList<Figure> Of(SimulationRun run)
    {
        var calls = run.Recorder.Calls;
        var durations = calls.Where(call => call.Succeeded).Select(call => call.Duration).Order().ToArray();
        var answers = run.Recorder.Accepted.Count + run.Recorder.Refused.Count;
        return
        [
            Figure.Ratio(Figure.Goodput, run.Scenario.Goodput(run)),
            Figure.Share(Figure.Throttled, run.Recorder.Refused.Count / (double)answers),
            Figure.Seconds(Figure.Median, Percentile(durations, 0.50)),
            Figure.Seconds(Figure.Tail, Percentile(durations, 0.99)),
            Figure.Ratio(Figure.Attempts, run.Recorder.Sent.Count / (double)calls.Count),
            Figure.Share(Figure.Failed, calls.Count(call => !call.Succeeded) / (double)calls.Count),
            .. run.Scenario.Extras(run),
        ];
    }

    /// <summary>Takes the median and the range of each figure over the runs.</summary>
    public static IReadOnlyList<Figure> Median(IReadOnlyList<IReadOnlyList<Figure>> runs) =>
        [.. runs[0].Select((figure, i) => Median(figure, [.. runs.Select(run => run[i].Value).Order()]))];

    private static Figure Median(Figure figure, double[] sorted) =>
        figure with { Value = Percentile(sorted, 0.50), Range = (sorted[0], sorted[^1]) };

    private static double Percentile(double[] sorted, double share) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
}
