using System.Globalization;

namespace RetryHandler.Load;

/// <summary>The least or the most that a figure may be.</summary>
internal sealed record Bar(string Name, double Value, double? Min = null, double? Max = null, string Unit = "")
{
    // What could not be measured is missed.
    public bool IsMet => !double.IsNaN(Value) && !(Value < Min) && !(Value > Max);

    public override string ToString()
    {
        var limit = Min is { } min ? $"≥ {Text(min)}" : $"≤ {Text(Max ?? double.PositiveInfinity)}";
        return $"{Name} {Text(Value)} ({limit}) {(IsMet ? "pass" : "**missed**")}";
    }

    private string Text(double value) => value.ToString("0.###", CultureInfo.InvariantCulture) + Unit;
}
