using Microsoft.Extensions.Configuration;

namespace RetryHandler.Configuration;

/// <summary>A source of configuration with fixed values. Its own type, so that it is found again.</summary>
internal sealed class AwsSettingsSource(IEnumerable<KeyValuePair<string, string?>> settings) : IConfigurationSource
{
    private readonly KeyValuePair<string, string?>[] _settings = [.. settings];

    public IConfigurationProvider Build(IConfigurationBuilder builder) => new Provider(_settings);

    private sealed class Provider : ConfigurationProvider
    {
        public Provider(KeyValuePair<string, string?>[] settings)
        {
            foreach (var (key, value) in settings)
            {
                Set(key, value);
            }
        }
    }
}
