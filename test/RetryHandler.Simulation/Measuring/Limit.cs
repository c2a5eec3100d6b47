namespace RetryHandler.Simulation.Measuring;

/// <summary>A goal for one figure.</summary>
internal readonly record struct Limit(string Name, double Min, double Max)
{
    public static Limit AtLeast(string name, double min) => new(name, min, double.PositiveInfinity);

    public static Limit AtMost(string name, double max) => new(name, double.NegativeInfinity, max);

    /// <summary>Finds whether a figure is what it should be. What was not measured is not.</summary>
    public bool IsMetBy(Figure figure) => figure.Value >= Min && figure.Value <= Max;

    /// <summary>Writes the goal in the way of the figure.</summary>
    public string ToString(Figure figure) =>
        double.IsFinite(Min) ? $"≥ {figure with { Value = Min }}" : $"≤ {figure with { Value = Max }}";
}
