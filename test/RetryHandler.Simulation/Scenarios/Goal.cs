namespace RetryHandler.Simulation.Scenarios;

/// <summary>The usual goals, in short.</summary>
internal static class Goal
{
    public static IReadOnlyList<Limit> Of(double goodput, double throttled, double? tail = null) =>
    [
        Limit.AtLeast(Figure.Goodput, goodput),
        Limit.AtMost(Figure.Throttled, throttled),
        .. tail is { } max ? [Limit.AtMost(Figure.Tail, max)] : Array.Empty<Limit>(),
    ];
}
