using System.Globalization;

namespace RetryHandler.Simulation.Upstreams;

/// <summary>A value that changes at known instants.</summary>
/// <param name="changes">Instants in seconds, ascending and beginning with 0, and the value from each on.</param>
internal sealed class Steps(params IReadOnlyList<(double From, double Value)> changes)
{
    public double Least => changes.Min(static change => change.Value);

    public double Largest => changes.Max(static change => change.Value);

    public static implicit operator Steps(double value) => new((0, value));

    public double At(double seconds)
    {
        var value = changes[0].Value;
        foreach (var change in changes)
        {
            value = change.From <= seconds ? change.Value : value;
        }

        return value;
    }

    /// <summary>Computes the integral from one instant to a later one.</summary>
    public double Between(double start, double end)
    {
        var sum = 0.0;
        for (var i = 0; i < changes.Count; i++)
        {
            var from = Math.Max(start, changes[i].From);
            var to = Math.Min(end, i + 1 < changes.Count ? changes[i + 1].From : double.PositiveInfinity);
            sum += Math.Max(0, to - from) * changes[i].Value;
        }

        return sum;
    }

    public override string ToString() =>
        string.Join(", ", changes.Select(static change => change.From == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{change.Value:0.##}")
            : string.Create(CultureInfo.InvariantCulture, $"{change.Value:0.##} (from {change.From:0} s)")));
}
