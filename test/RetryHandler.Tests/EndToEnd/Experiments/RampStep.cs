namespace RetryHandler.Tests.EndToEnd.Experiments;

/// <summary>What came of one share of errors.</summary>
internal sealed record RampStep(double AttemptsPerSecond, double PerCall, double Failed);
