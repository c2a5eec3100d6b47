using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using RetryHandler;
using RetryHandler.AspNetCore.Dashboard;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Extension methods that add the dashboard of adaptive retries to a web application.</summary>
public static class AdaptiveRetryEndpointRouteBuilderExtensions
{
    private static readonly TimeSpan FramePeriod = TimeSpan.FromSeconds(0.5);

    /// <summary>Adds a live page that shows what the retries, limiters and quotas of all clients are doing.</summary>
    /// <remarks>
    /// <para>
    /// It only reads, and shows client names, partition keys, methods, rules and counts, never a URI, header or body.
    /// It is open to everybody who can reach it: add <c>RequireAuthorization()</c> or <c>RequireHost()</c> to what
    /// this returns, as to any endpoint. Nothing runs while nobody watches.
    /// </para>
    /// <para>
    /// Below <paramref name="pattern"/> there are also <c>snapshot</c> (JSON) and <c>stream</c> (server-sent events).
    /// </para>
    /// </remarks>
    /// <param name="endpoints">The application's endpoints.</param>
    /// <param name="pattern">The path of the page.</param>
    /// <returns>A builder for conventions on all endpoints of the page.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException"><c>AddAdaptiveRetry()</c> was not called.</exception>
    public static IEndpointConventionBuilder MapAdaptiveRetryDashboard(
        this IEndpointRouteBuilder endpoints, string pattern = "/retries")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var services = endpoints.ServiceProvider;
        var monitor = services.GetService<IAdaptiveRetryMonitor>()
            ?? throw new InvalidOperationException(
                "There is nothing to show: add a client with AddAdaptiveRetry() before the dashboard.");
        var time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        var feed = new DashboardFeed(monitor, time, FramePeriod);
        var page = DashboardAsset.Load("dashboard.html");

        var group = endpoints.MapGroup(pattern);
        group.MapGet("/", context => DashboardEndpoints.PageAsync(context, page));
        group.MapGet("/stream", context => DashboardEndpoints.StreamAsync(context, feed));
        group.MapGet("/snapshot", context => DashboardEndpoints.SnapshotAsync(context, monitor));
        foreach (var name in new[] { "dashboard.css", "dashboard.js", "card.js", "words.js", "plot.js" })
        {
            var asset = DashboardAsset.Load(name);
            group.MapGet($"/{name}", context => asset.WriteAsync(context));
        }

        return group;
    }
}
