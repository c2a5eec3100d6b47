using System.Globalization;

namespace RetryHandler.Benchmarks.Quick;

/// <summary>The median of some runs, and the least and the most of them.</summary>
internal readonly record struct Spread(double Median, double Least, double Most)
{
    public static Spread Of(IEnumerable<double> runs)
    {
        double[] sorted = [.. runs.Order()];
        return new(MedianOf(sorted), sorted[0], sorted[^1]);
    }

    public static double MedianOf(IReadOnlyList<double> sorted) =>
        (sorted[sorted.Count / 2] + sorted[(sorted.Count - 1) / 2]) / 2;

    public string ToString(string format) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Text(Median, format)} ({Text(Least, format)}-{Text(Most, format)})");

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
