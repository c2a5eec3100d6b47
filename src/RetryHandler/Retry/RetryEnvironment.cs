using RetryHandler.Telemetry;

namespace RetryHandler.Retry;

/// <summary>What a loop needs from outside: time, chance, and somebody to tell.</summary>
internal sealed record RetryEnvironment(
    TimeProvider TimeProvider, Func<double> NextDouble, PartitionTelemetry Telemetry)
{
    private static readonly Func<double> SharedRandom = Random.Shared.NextDouble;

    public static RetryEnvironment For(
        PartitionTelemetry telemetry, TimeProvider timeProvider, Func<double>? nextDouble) =>
        new(timeProvider, nextDouble ?? SharedRandom, telemetry);
}
