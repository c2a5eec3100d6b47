using System.Globalization;

namespace RetryHandler.Simulation.Measuring;

/// <summary>One number that came out of a run.</summary>
internal readonly record struct Figure(string Name, double Value, string Format)
{
    public const string Goodput = "goodput";
    public const string Throttled = "throttled";
    public const string Median = "p50";
    public const string Tail = "p99";
    public const string Attempts = "attempts";
    public const string Failed = "failed";

    /// <summary>Gets the least and the most of several runs of which this is the median.</summary>
    public (double Least, double Most)? Range { get; init; }

    public static Figure Ratio(string name, double value) => new(name, value, "0.000");

    public static Figure Share(string name, double value) => new(name, value, "0.0 %");

    public static Figure Seconds(string name, double value) => new(name, value, "0.00 s");

    public static Figure Count(string name, double value) => new(name, value, "0");

    public override string ToString() =>
        double.IsNaN(Value) ? "-"
        : double.IsPositiveInfinity(Value) ? "never"
        : Value.ToString(Format, CultureInfo.InvariantCulture);

    /// <summary>Writes the median and the range; only the median when all runs are alike.</summary>
    public string ToRangeString()
    {
        var (least, most) = Range is { } range
            ? ($"{this with { Value = range.Least }}", $"{this with { Value = range.Most }}")
            : (ToString(), ToString());
        return least == most ? ToString() : $"{this} ({least} to {most})";
    }
}
