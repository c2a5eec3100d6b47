namespace RetryHandler.Tests.EndToEnd.Experiments;

/// <summary>What one style of budget did, step by step.</summary>
internal sealed record RampRun(string Budget, IReadOnlyList<RampStep> Steps);
