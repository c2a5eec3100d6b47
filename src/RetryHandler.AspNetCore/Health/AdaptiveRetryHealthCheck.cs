using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RetryHandler.AspNetCore.Health;

/// <summary>Degraded while a client is closed, has no retry quota left, or an open circuit.</summary>
internal sealed class AdaptiveRetryHealthCheck(IAdaptiveRetryMonitor monitor) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var clients = monitor.GetSnapshot().Clients;
        var troubled = clients
            .Select(static client => (client.Name, Trouble: TroubleOf(client)))
            .Where(static client => client.Trouble is not null)
            .ToList();
        if (troubled.Count == 0)
        {
            return Task.FromResult(HealthCheckResult.Healthy($"{clients.Count} clients."));
        }

        var data = troubled.ToDictionary(static client => client.Name, static client => (object)client.Trouble!);
        var description = string.Join("; ", troubled.Select(static client => $"'{client.Name}' {client.Trouble}"));
        return Task.FromResult(
            new HealthCheckResult(context.Registration.FailureStatus, $"{description}.", exception: null, data));
    }

    private static string? TroubleOf(ClientSnapshot client) =>
        client.SendRate.State == LimiterState.Closed
            ? "is closed: the upstream asked for a longer pause than calls wait"
        : client.Breaker == BreakerState.Open ? "has an open circuit breaker"
        : client.Quota.IsEmpty ? "has no retry quota left"
        : null;
}
