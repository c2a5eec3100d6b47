using System.Globalization;

namespace RetryHandler.RateLoad;

/// <summary>The most that a figure may be.</summary>
internal sealed record Bar(string Name, double Value, double Max, string Unit = "")
{
    // What could not be measured is missed.
    public bool IsMet => Value <= Max;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Value:0.###}{Unit} (≤ {Max:0.###}{Unit}) {(IsMet ? "pass" : "**missed**")}");
}
