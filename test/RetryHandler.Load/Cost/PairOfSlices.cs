namespace RetryHandler.Load.Cost;

/// <summary>What the client without the line and the one with it took, one directly after the other.</summary>
internal readonly record struct PairOfSlices(Slice Bare, Slice Adaptive)
{
    public double Throughput => Adaptive.CallsPerSecond / Bare.CallsPerSecond;

    public double Tail => Adaptive.Tail / Bare.Tail;

    public double ProcessorTime => Adaptive.ProcessorTime / Bare.ProcessorTime;

    /// <summary>Computes the pair whose ratios are the medians of those of many.</summary>
    public static PairOfSlices MedianOf(IReadOnlyList<PairOfSlices> pairs)
    {
        var bare = new Slice(
            Median(pairs.Select(static pair => pair.Bare.CallsPerSecond)),
            Median(pairs.Select(static pair => pair.Bare.Tail)),
            Median(pairs.Select(static pair => pair.Bare.ProcessorTime)));
        var adaptive = new Slice(
            bare.CallsPerSecond * Median(pairs.Select(static pair => pair.Throughput)),
            bare.Tail * Median(pairs.Select(static pair => pair.Tail)),
            bare.ProcessorTime * Median(pairs.Select(static pair => pair.ProcessorTime)));
        return new(bare, adaptive);
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }
}
