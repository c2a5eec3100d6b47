using RetryHandler;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Extension methods that add adaptive retries to every <see cref="HttpClient"/> of the factory.</summary>
public static class AdaptiveRetryServiceCollectionExtensions
{
    /// <summary>Adds adaptive retries to every client of <see cref="IHttpClientFactory"/>.</summary>
    /// <remarks>
    /// Each client, also one that was never registered by name, has a send rate and a retry quota of its own. A
    /// client's own settings beat these, in whatever order the two are written.
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static IServiceCollection AddAdaptiveRetry(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.ConfigureHttpClientDefaults(static builder => builder.AddAdaptiveRetry());
    }

    /// <inheritdoc cref="AddAdaptiveRetry(IServiceCollection)"/>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes the settings of every client.</param>
    public static IServiceCollection AddAdaptiveRetry(
        this IServiceCollection services, Action<AdaptiveRetryOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        return services.ConfigureHttpClientDefaults(builder => builder.AddAdaptiveRetry(configure));
    }
}
