using RetryHandler.Configuration;

namespace Microsoft.Extensions.Configuration;

/// <summary>Extension methods that read the retry settings of the AWS SDKs.</summary>
public static class AdaptiveRetryConfigurationBuilderExtensions
{
    /// <summary>Takes the defaults of all clients from the settings that the AWS SDKs share.</summary>
    /// <remarks>
    /// <para>
    /// Read are <c>AWS_RETRY_MODE</c> (legacy, standard, adaptive) and <c>AWS_MAX_ATTEMPTS</c> (the first attempt
    /// included) of the environment, and <c>retry_mode</c> and <c>max_attempts</c> of a profile of an AWS configuration
    /// file. They become <c>AdaptiveRetry:Defaults:Mode</c> and <c>AdaptiveRetry:Defaults:MaxAttempts</c>, for
    /// <c>services.AddAdaptiveRetry(configuration)</c>. They are read once, here.
    /// </para>
    /// <para>
    /// The environment beats files: the two variables are placed directly before the builder's last source of
    /// environment variables, or last if there is none, and the file before all other sources. So
    /// <c>AdaptiveRetry__Defaults__Mode</c> beats <c>AWS_RETRY_MODE</c>, that beats <c>appsettings.json</c>, and that
    /// beats the AWS file.
    /// </para>
    /// </remarks>
    /// <example>
    /// <code>
    /// var file = new ConfigurationBuilder().AddIniFile(path, optional: true).Build();
    /// builder.Configuration.AddAwsRetrySettings(file);
    /// builder.Services.AddAdaptiveRetry(builder.Configuration);
    /// </code>
    /// </example>
    /// <param name="builder">The builder of the application's configuration.</param>
    /// <param name="file">
    /// The AWS configuration file (<c>~/.aws/config</c>), read by <c>AddIniFile</c>; <see langword="null"/> for none.
    /// </param>
    /// <param name="profile">
    /// The profile of the file; when <see langword="null"/> <c>AWS_PROFILE</c>, or <c>default</c> if that is not set.
    /// </param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <exception cref="FormatException">A value means nothing; the message names it.</exception>
    public static IConfigurationBuilder AddAwsRetrySettings(
        this IConfigurationBuilder builder, IConfiguration? file = null, string? profile = null) =>
        builder.AddAwsRetrySettings(file, profile, Environment.GetEnvironmentVariable);

    internal static IConfigurationBuilder AddAwsRetrySettings(
        this IConfigurationBuilder builder, IConfiguration? file, string? profile, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var variables = AwsSettings.Translate(Variable("AWS_RETRY_MODE"), Variable("AWS_MAX_ATTEMPTS"));
        builder.Sources.Insert(PlaceOfEnvironment(builder.Sources), new AwsSettingsSource(variables));
        if (file is not null)
        {
            var name = profile ?? (environment("AWS_PROFILE") is { Length: > 0 } chosen ? chosen : "default");
            builder.Sources.Insert(
                0, new AwsSettingsSource(AwsSettings.Translate(Key("retry_mode"), Key("max_attempts"))));

            // All sections but that of the default profile are named "profile NAME"; that one may be.
            (string, string?) Key(string key)
            {
                var value = file[$"profile {name}:{key}"] ?? (name == "default" ? file[$"{name}:{key}"] : null);
                return ($"[{name}] {key}", value);
            }
        }

        return builder;

        (string, string?) Variable(string variable) => (variable, environment(variable));
    }

    /// <summary>Finds the source of environment variables that holds the application's settings.</summary>
    /// <remarks>
    /// By name, because the type is in a package that this library does not need. Hosts add others before, for the
    /// variables with a prefix that are about the host.
    /// </remarks>
    private static int PlaceOfEnvironment(IList<IConfigurationSource> sources)
    {
        for (var i = sources.Count - 1; i >= 0; i--)
        {
            if (sources[i].GetType().Name == "EnvironmentVariablesConfigurationSource")
            {
                return i;
            }
        }

        return sources.Count;
    }
}
