using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RetryHandler.DependencyInjection;

/// <summary>Applies all settings to a client's options, the weakest first.</summary>
/// <remarks>
/// Options are configured in the order of registration, so settings for all clients that are registered last would beat
/// a client's own. This one configurator stands first, whenever the settings that it applies were registered, and
/// before whatever <c>services.Configure&lt;AdaptiveRetryOptions&gt;</c> adds.
/// </remarks>
internal sealed class AdaptiveRetrySettings(IEnumerable<AdaptiveRetrySetting> settings, IServiceProvider services)
    : IConfigureNamedOptions<AdaptiveRetryOptions>
{
    private readonly AdaptiveRetrySetting[] _settings = [.. settings.OrderBy(static setting => setting.Rank)];

    public static void Register(IServiceCollection services)
    {
        if (!services.Any(static d => d.ImplementationType == typeof(AdaptiveRetrySettings)))
        {
            services.Insert(
                0, ServiceDescriptor.Singleton<IConfigureOptions<AdaptiveRetryOptions>, AdaptiveRetrySettings>());
        }
    }

    public void Configure(AdaptiveRetryOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, AdaptiveRetryOptions options)
    {
        var client = name ?? Options.DefaultName;
        foreach (var setting in _settings)
        {
            if (setting.ClientName is null || setting.ClientName == client)
            {
                // Before it is read: a change in between is then seen, if twice.
                if (setting.Source is { } source)
                {
                    options.Sources.Add(source.GetReloadToken());
                }

                setting.Apply(client, options, services);
            }
        }
    }
}
