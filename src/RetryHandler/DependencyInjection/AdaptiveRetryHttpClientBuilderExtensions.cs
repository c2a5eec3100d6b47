using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;
using RetryHandler;
using RetryHandler.Configuration;
using RetryHandler.DependencyInjection;
using RetryHandler.State;
using RetryHandler.Telemetry;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Extension methods that add adaptive retries to one <see cref="HttpClient"/>.</summary>
public static class AdaptiveRetryHttpClientBuilderExtensions
{
    /// <summary>Adds retries with throttling awareness, and a send rate shared by the whole client.</summary>
    /// <remarks>
    /// <para>
    /// Calling it again for the same client, or for all clients and then for one, replaces the handler: retries never
    /// stack. Settings add up in the order of the calls, those for all clients first.
    /// </para>
    /// <para>
    /// Handlers added before it see the call once, handlers added after it see every attempt: add authentication after
    /// it, so that each attempt gets a fresh token. <c>HttpClient.Timeout</c> spans all attempts and waits.
    /// </para>
    /// <para>
    /// Settings are validated when the host starts, and at the latest when the client is first created.
    /// </para>
    /// </remarks>
    /// <param name="builder">The client's builder.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static IHttpClientBuilder AddAdaptiveRetry(this IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<TelemetryHub>();
        services.TryAddSingleton<IAdaptiveRetryMonitor, AdaptiveRetryMonitor>();
        services.TryAddSingleton<ClientStateRegistry>();
        services.TryAddSingleton<ClientStateFactory>();
        services.TryAddSingleton<SettingsReload>();
        AdaptiveRetrySettings.Register(services);
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<AdaptiveRetryOptions>, AdaptiveRetryOptionsValidator>());
        services.AddOptions<AdaptiveRetryOptions>(builder.Name).ValidateOnStart();
        return builder.ConfigureHandlers(AdaptiveRetryHandlerInserter.Insert);
    }

    /// <inheritdoc cref="AddAdaptiveRetry(IHttpClientBuilder)"/>
    /// <param name="builder">The client's builder.</param>
    /// <param name="configure">Changes the settings.</param>
    public static IHttpClientBuilder AddAdaptiveRetry(
        this IHttpClientBuilder builder, Action<AdaptiveRetryOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return builder.AddAdaptiveRetry((options, _) => configure(options));
    }

    /// <inheritdoc cref="AddAdaptiveRetry(IHttpClientBuilder)"/>
    /// <param name="builder">The client's builder.</param>
    /// <param name="configure">Changes the settings; may take services from the root provider.</param>
    public static IHttpClientBuilder AddAdaptiveRetry(
        this IHttpClientBuilder builder, Action<AdaptiveRetryOptions, IServiceProvider> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);

        // Inside ConfigureHttpClientDefaults there is no name: the settings are for all clients.
        var rank = builder.Name is null ? SettingRank.AllClientsInCode : SettingRank.ClientInCode;
        builder.Services.AddSingleton(new AdaptiveRetrySetting(
            builder.Name, rank, (_, options, services) => configure(options, services)));
        return builder.AddAdaptiveRetry();
    }

    /// <inheritdoc cref="AddAdaptiveRetry(IHttpClientBuilder)"/>
    /// <remarks>
    /// <para>
    /// Keys are the names of the options, with sections for their groups (<c>Throttled:BaseDelay</c>); times are
    /// written as <c>00:00:30</c>, lists as arrays or with commas, which beat an array; an empty list takes the default
    /// away. An unknown key or a wrong value is an error at the start. What code sets beats it, in whatever order the
    /// two are written.
    /// </para>
    /// <para>
    /// Changes of the configuration are put in force in running clients, which keep their send rate, quota and circuit
    /// breaker; the breaker begins anew when its own settings change. Invalid changes are logged, and the settings in
    /// force stay.
    /// </para>
    /// </remarks>
    /// <param name="builder">The client's builder.</param>
    /// <param name="section">The settings of this client: a section, and not the whole configuration.</param>
    public static IHttpClientBuilder AddAdaptiveRetry(this IHttpClientBuilder builder, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(section);
        var rank = builder.Name is null ? SettingRank.AllClientsInConfiguration : SettingRank.ClientInConfiguration;
        builder.Services.AddSingleton(new AdaptiveRetrySetting(
            builder.Name, rank, (_, options, _) => OptionBinder.Bind(options, section))
        { Source = section });
        return builder.AddAdaptiveRetry();
    }

    /// <summary>Removes the retries of one client again, for example those added for all clients.</summary>
    /// <param name="builder">The client's builder.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    public static IHttpClientBuilder RemoveAdaptiveRetry(this IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ConfigureHandlers(AdaptiveRetryHandlerInserter.Remove);
    }

    // Not AddHttpMessageHandler: its delegate does not know the client's name where the defaults of all clients are
    // set.
    private static IHttpClientBuilder ConfigureHandlers(
        this IHttpClientBuilder builder, Action<HttpMessageHandlerBuilder> configure)
    {
        builder.Services.Configure<HttpClientFactoryOptions>(
            builder.Name, options => options.HttpMessageHandlerBuilderActions.Add(configure));
        return builder;
    }
}
