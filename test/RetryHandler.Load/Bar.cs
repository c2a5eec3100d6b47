using System.Globalization;

namespace RetryHandler.Load;

/// <summary>The least or the most that a figure may be.</summary>
internal sealed record Bar(string Name, double Value, double? Min = null, double? Max = null)
{
    // What could not be measured is missed.
    public bool IsMet => !double.IsNaN(Value) && !(Value < Min) && !(Value > Max);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name} {Value:0.###} ({(Min is { } min ? $"≥ {min:0.###}" : $"≤ {Max:0.###}")}) {(IsMet ? "pass" : "**missed**")}");
}
