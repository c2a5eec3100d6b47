using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RetryHandler.DependencyInjection;

/// <summary>Applies the settings for all clients to each client, before the client's own.</summary>
/// <remarks>
/// Options are configured in the order of registration, so settings for all clients that are registered last would beat
/// a client's own. This one configurator stands first, whenever the settings that it applies were registered.
/// </remarks>
internal sealed class AdaptiveRetryDefaults(
    IEnumerable<AdaptiveRetryDefaults.Setting> settings, IServiceProvider services)
    : IConfigureNamedOptions<AdaptiveRetryOptions>
{
    public static void Register(IServiceCollection services)
    {
        if (!services.Any(static d => d.ImplementationType == typeof(AdaptiveRetryDefaults)))
        {
            services.Insert(
                0, ServiceDescriptor.Singleton<IConfigureOptions<AdaptiveRetryOptions>, AdaptiveRetryDefaults>());
        }
    }

    public void Configure(AdaptiveRetryOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, AdaptiveRetryOptions options)
    {
        foreach (var setting in settings)
        {
            setting.Configure(options, services);
        }
    }

    internal sealed record Setting(Action<AdaptiveRetryOptions, IServiceProvider> Configure);
}
