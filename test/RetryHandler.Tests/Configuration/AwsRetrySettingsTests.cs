using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RetryHandler.Tests.Configuration;

/// <summary>The settings that the AWS SDKs share, from the environment and from an INI file.</summary>
[TestFixture]
internal sealed class AwsRetrySettingsTests
{
    private const string IniFile = """
        [default]
        region = eu-central-1
        retry_mode = standard
        max_attempts = 4

        [profile batch]
        retry_mode=legacy
        """;

    private readonly Dictionary<string, string?> _environment = [];

    [TestCase("legacy", RetryMode.Legacy)]
    [TestCase("standard", RetryMode.Standard)]
    [TestCase(" Adaptive ", RetryMode.Adaptive)]
    public void AddAwsRetrySettings_Mode_HasTheMeaningOfTheAwsSdks(string mode, RetryMode expected)
    {
        _environment["AWS_RETRY_MODE"] = mode;

        Assert.That(OptionsOf(new ConfigurationBuilder()).Mode, Is.EqualTo(expected));
    }

    [Test]
    public void AddAwsRetrySettings_MaxAttempts_CountsTheFirst()
    {
        _environment["AWS_MAX_ATTEMPTS"] = "1";

        Assert.That(OptionsOf(new ConfigurationBuilder()).MaxAttempts, Is.EqualTo(1));
    }

    [TestCase(null, null, RetryMode.Standard, 4)]
    [TestCase("batch", null, RetryMode.Legacy, null)]
    [TestCase(null, "batch", RetryMode.Legacy, null)]
    [TestCase(null, "", RetryMode.Standard, 4)]
    [TestCase("default", "batch", RetryMode.Standard, 4)]
    [TestCase("missing", null, RetryMode.Adaptive, null)]
    public void AddAwsRetrySettings_File_ReadsTheProfile(
        string? profile, string? environmentProfile, RetryMode mode, int? attempts)
    {
        _environment["AWS_PROFILE"] = environmentProfile;

        var options = OptionsOf(new ConfigurationBuilder(), File(), profile);

        Assert.That(options.Mode, Is.EqualTo(mode));
        Assert.That(options.MaxAttempts, Is.EqualTo(attempts));
    }

    /// <summary>Code, environment, file, mode: each level taken away lets the next one speak.</summary>
    [TestCase(9, "8", "7", "6", true, 9)]
    [TestCase(null, "8", "7", "6", true, 8)]
    [TestCase(null, null, "7", "6", true, 7)]
    [TestCase(null, null, null, "6", true, 6)]
    [TestCase(null, null, null, null, true, 4)]
    [TestCase(null, null, null, null, false, null)]
    public void AddAwsRetrySettings_AllSources_TheStrongestWins(
        int? code, string? ours, string? aws, string? appSettings, bool iniFile, int? expected)
    {
        // The environment belongs to the process, and the cases run at the same time.
        var prefix = $"RETRYHANDLER_TEST_{Guid.NewGuid():N}_";
        const string Key = "AdaptiveRetry:Defaults:MaxAttempts";
        _environment["AWS_MAX_ATTEMPTS"] = aws;
        Environment.SetEnvironmentVariable(prefix + Key.Replace(":", "__", StringComparison.Ordinal), ours);
        try
        {
            var builder = new ConfigurationBuilder()
                .AddInMemoryCollection(appSettings is null ? [] : [new(Key, appSettings)])
                .AddEnvironmentVariables(prefix);

            var options = OptionsOf(builder, iniFile ? File() : null, code: code);

            Assert.That(options.MaxAttempts, Is.EqualTo(expected));
        }
        finally
        {
            Environment.SetEnvironmentVariable(prefix + Key.Replace(":", "__", StringComparison.Ordinal), null);
        }
    }

    [TestCase("AWS_RETRY_MODE", "fast", "AWS_RETRY_MODE (fast) is not a retry mode; write legacy, standard or adaptive.")]
    [TestCase(
        "AWS_MAX_ATTEMPTS",
        "0",
        "AWS_MAX_ATTEMPTS (0) is not a number of attempts; write 1 (never retry) to 100, the first attempt included.")]
    [TestCase(
        "AWS_MAX_ATTEMPTS",
        "many",
        "AWS_MAX_ATTEMPTS (many) is not a number of attempts; write 1 (never retry) to 100, the first attempt included.")]
    public void AddAwsRetrySettings_WrongValue_NamesKeyValueAndRemedy(string variable, string value, string message)
    {
        _environment[variable] = value;

        Assert.That(
            () => OptionsOf(new ConfigurationBuilder()), Throws.TypeOf<FormatException>().With.Message.EqualTo(message));
    }

    [Test]
    public void AddAwsRetrySettings_WrongValueInFile_NamesProfileAndKey() => Assert.That(
        () => OptionsOf(new ConfigurationBuilder(), File("[profile a]\nretry_mode=fast"), "a"),
        Throws.TypeOf<FormatException>().With.Message.StartsWith("[a] retry_mode (fast) is not a retry mode"));

    [Test]
    public void AddAwsRetrySettings_ConfigurationManager_IsPlacedAmongItsSources()
    {
        _environment["AWS_MAX_ATTEMPTS"] = "7";
        using var manager = new ConfigurationManager();
        manager.AddInMemoryCollection([new("AdaptiveRetry:Defaults:MaxAttempts", "6")]);

        manager.AddAwsRetrySettings(File(), null, _environment.GetValueOrDefault);

        Assert.That(manager["AdaptiveRetry:Defaults:MaxAttempts"], Is.EqualTo("7"));
        Assert.That(manager["AdaptiveRetry:Defaults:Mode"], Is.EqualTo("Standard"));
    }

    private static IConfigurationRoot File(string text = IniFile)
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));
        return new ConfigurationBuilder().AddIniStream(stream).Build();
    }

    private AdaptiveRetryOptions OptionsOf(
        IConfigurationBuilder builder, IConfiguration? file = null, string? profile = null, int? code = null)
    {
        builder.AddAwsRetrySettings(file, profile, _environment.GetValueOrDefault);
        var services = new ServiceCollection();
        if (code is not null)
        {
            services.AddAdaptiveRetry(options => options.MaxAttempts = code);
        }

        services.AddAdaptiveRetry(builder.Build());
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptionsMonitor<AdaptiveRetryOptions>>().Get("orders");
    }
}
