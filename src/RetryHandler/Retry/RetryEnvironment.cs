using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RetryHandler.Telemetry;

namespace RetryHandler.Retry;

/// <summary>What a loop needs from outside: time, chance, and somebody to tell.</summary>
internal sealed record RetryEnvironment(TimeProvider TimeProvider, Func<double> NextDouble, RetryTelemetry Telemetry)
{
    private static readonly Func<double> SharedRandom = Random.Shared.NextDouble;

    public static RetryEnvironment For(string clientName, TimeProvider timeProvider, ILogger? logger = null) =>
        new(timeProvider, SharedRandom, new RetryTelemetry(clientName, logger ?? NullLogger.Instance));
}
