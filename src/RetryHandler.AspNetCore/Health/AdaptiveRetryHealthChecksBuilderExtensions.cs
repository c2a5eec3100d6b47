using Microsoft.Extensions.Diagnostics.HealthChecks;
using RetryHandler;
using RetryHandler.AspNetCore.Health;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Extension methods that add the health of adaptive retries to the health checks.</summary>
public static class AdaptiveRetryHealthChecksBuilderExtensions
{
    /// <summary>Adds a health check that tells which clients can't get through to their upstream.</summary>
    /// <remarks>
    /// It reports <paramref name="failureStatus"/> while the limiter of a client is
    /// <see cref="LimiterState.Closed"/>, its retry quota can't pay for a retry, or its circuit breaker is open. A
    /// client that is merely slowed is healthy, in pauses that its calls wait out too: it does what it should. Without
    /// any client of <c>AddAdaptiveRetry()</c> there is nothing to check, and an
    /// <see cref="InvalidOperationException"/> of the health checks says so.
    /// </remarks>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the health check.</param>
    /// <param name="failureStatus">What to report then.</param>
    /// <param name="tags">Tags by which health checks are filtered.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="name"/> is
    /// <see langword="null"/>.</exception>
    public static IHealthChecksBuilder AddAdaptiveRetryHealthCheck(
        this IHealthChecksBuilder builder,
        string name = "adaptive_retry",
        HealthStatus failureStatus = HealthStatus.Degraded,
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        return builder.Add(new HealthCheckRegistration(
            name,
            static services => new AdaptiveRetryHealthCheck(
                services.GetService<IAdaptiveRetryMonitor>() ?? throw new InvalidOperationException(
                    "There is nothing to check: add a client with AddAdaptiveRetry() beside the health check.")),
            failureStatus,
            tags));
    }
}
