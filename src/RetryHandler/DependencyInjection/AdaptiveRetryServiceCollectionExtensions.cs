using Microsoft.Extensions.Configuration;
using RetryHandler;
using RetryHandler.Configuration;
using RetryHandler.DependencyInjection;

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

    /// <summary>Adds adaptive retries to every client, with the settings of a configuration.</summary>
    /// <remarks>
    /// <para>
    /// The section <c>AdaptiveRetry:Defaults</c> holds settings for all clients,
    /// <c>AdaptiveRetry:Clients:NAME</c> those of one, by the name that the factory knows it by (the type's, for a
    /// typed client; a name that no client has is not noticed); in environment variables
    /// <c>AdaptiveRetry__Defaults__Mode=Standard</c>. Keys are the names of the options, with sections for their groups
    /// (<c>Throttled:BaseDelay</c>); times are written as <c>00:00:30</c>, lists as arrays or with commas, which beat
    /// an array; an empty list takes the default away. An unknown key or a wrong value is an error at the start.
    /// </para>
    /// <para>
    /// What is said of one client beats what is said of all; of both, code beats configuration, in whatever order they
    /// are written; and of the sources of the configuration the later ones win, as always: the environment beats files.
    /// </para>
    /// <para>
    /// Changes of the configuration are put in force in running clients, which keep their send rate, quota and circuit
    /// breaker; the breaker begins anew when its own settings change. Invalid changes are logged, and the settings in
    /// force stay.
    /// </para>
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <param name="configuration">
    /// The application's configuration, or the section that holds <c>Defaults</c> and <c>Clients</c>.
    /// </param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static IServiceCollection AddAdaptiveRetry(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        var root = RootSection.In(configuration);
        services.AddSingleton(new AdaptiveRetrySetting(
            ClientName: null,
            SettingRank.AllClientsInConfiguration,
            (_, options, _) => RootSection.BindDefaults(root, options))
        { Source = root });
        services.AddSingleton(new AdaptiveRetrySetting(
            ClientName: null,
            SettingRank.ClientInConfiguration,
            (client, options, _) => RootSection.BindClient(root, client, options)));

        // Also those that no AddHttpClient names: a fault must be seen at the start and not at the first call.
        foreach (var client in root.GetSection(RootSection.Clients).GetChildren())
        {
            services.AddOptions<AdaptiveRetryOptions>(client.Key).ValidateOnStart();
        }

        return services.AddAdaptiveRetry();
    }
}
