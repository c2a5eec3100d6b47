namespace RetryHandler.Tests.EndToEnd.Experiments;

/// <summary>What one kind of quota did, step by step.</summary>
internal sealed record RampRun(string Budget, IReadOnlyList<RampStep> Steps);
