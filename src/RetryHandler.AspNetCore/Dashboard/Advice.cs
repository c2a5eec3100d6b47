namespace RetryHandler.AspNetCore.Dashboard;

/// <summary>A client's state in words.</summary>
/// <param name="Level">How much it needs somebody's attention.</param>
/// <param name="State">One word.</param>
/// <param name="Summary">Since when, by which rule, to what rate.</param>
/// <param name="Help">What would help.</param>
internal sealed record Advice(AdviceLevel Level, string State, string Summary, string Help);
