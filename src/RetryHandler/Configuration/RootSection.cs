using Microsoft.Extensions.Configuration;

namespace RetryHandler.Configuration;

/// <summary>
/// The section with the settings of all clients (<c>Defaults</c>) and of single ones (<c>Clients</c>).
/// </summary>
internal static class RootSection
{
    public const string Name = "AdaptiveRetry";
    public const string Defaults = nameof(Defaults);
    public const string Clients = nameof(Clients);

    private static readonly string[] Known = [Defaults, Clients];

    /// <summary>Finds the section in the application's configuration; a section given is the one meant.</summary>
    public static IConfigurationSection In(IConfiguration configuration) =>
        configuration as IConfigurationSection ?? configuration.GetSection(Name);

    public static void BindDefaults(IConfigurationSection root, AdaptiveRetryOptions options)
    {
        foreach (var child in root.GetChildren().Where(
            static child => !Known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            options.ConfigurationProblems.Add(OptionBinder.Unknown(child, "is not known here", Known));
        }

        OptionBinder.Bind(options, root.GetSection(Defaults));
    }

    public static void BindClient(IConfigurationSection root, string client, AdaptiveRetryOptions options)
    {
        if (client.Length > 0)
        {
            OptionBinder.Bind(options, root.GetSection(Clients).GetSection(client));
        }
    }
}
