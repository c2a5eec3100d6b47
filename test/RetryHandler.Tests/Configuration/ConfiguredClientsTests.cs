using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace RetryHandler.Tests.Configuration;

/// <summary>Which setting wins: one client's before that of all, code before configuration, whatever the order.</summary>
[TestFixture]
internal sealed class ConfiguredClientsTests
{
    private readonly ServiceCollection _services = new();

    [Test]
    public void AddAdaptiveRetry_DefaultsAndClients_AClientsOwnWins()
    {
        _services.AddAdaptiveRetry(Configuration(
            ("AdaptiveRetry:Defaults:MaxAttempts", "5"),
            ("AdaptiveRetry:Defaults:Mode", "Standard"),
            ("AdaptiveRetry:Clients:orders:MaxAttempts", "2")));

        Assert.That(OptionsOf("orders").MaxAttempts, Is.EqualTo(2));
        Assert.That(OptionsOf("orders").Mode, Is.EqualTo(RetryMode.Standard));
        Assert.That(OptionsOf("never registered").MaxAttempts, Is.EqualTo(5));
    }

    [Test]
    public void AddAdaptiveRetry_SectionItself_IsTakenAsIs()
    {
        var section = Configuration(("My:Retries:Defaults:MaxAttempts", "5")).GetSection("My:Retries");

        _services.AddAdaptiveRetry(section);

        Assert.That(OptionsOf("orders").MaxAttempts, Is.EqualTo(5));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void AddAdaptiveRetry_CodeAndConfiguration_CodeWins(bool codeFirst)
    {
        var configuration = Configuration(
            ("AdaptiveRetry:Defaults:MaxAttempts", "5"),
            ("AdaptiveRetry:Defaults:Quota:Capacity", "50"),
            ("AdaptiveRetry:Clients:orders:Quota:Capacity", "60"));
        Action[] calls =
        [
            () => _services.AddAdaptiveRetry(options => options.MaxAttempts = 6),
            () => _services.AddHttpClient("orders").AddAdaptiveRetry(options => options.Quota.Capacity = 70),
            () => _services.AddAdaptiveRetry(configuration),
        ];

        Array.ForEach(codeFirst ? calls : [.. Enumerable.Reverse(calls)], static call => call());

        Assert.That(OptionsOf("orders").MaxAttempts, Is.EqualTo(6));
        Assert.That(OptionsOf("orders").Quota.Capacity, Is.EqualTo(70));
        Assert.That(OptionsOf("other").Quota.Capacity, Is.EqualTo(50));
    }

    [Test]
    public void AddAdaptiveRetry_OneClientWithItsSection_IsBound()
    {
        var configuration = Configuration(("Orders:Retry:MaxAttempts", "7"));

        _services.AddHttpClient("orders").AddAdaptiveRetry(configuration.GetSection("Orders:Retry"));

        Assert.That(OptionsOf("orders").MaxAttempts, Is.EqualTo(7));
        Assert.That(OptionsOf("other").MaxAttempts, Is.Null);
    }

    [Test]
    public void AddAdaptiveRetry_SectionInClientDefaults_IsForAll()
    {
        var configuration = Configuration(("Retry:MaxAttempts", "7"));

        _services.ConfigureHttpClientDefaults(
            builder => builder.AddAdaptiveRetry(configuration.GetSection("Retry")));

        Assert.That(OptionsOf("orders").MaxAttempts, Is.EqualTo(7));
    }

    [Test]
    public void AddAdaptiveRetry_EnvironmentVariable_BeatsTheFile()
    {
        const string Prefix = "RETRYHANDLER_CLIENTS_";
        Environment.SetEnvironmentVariable(Prefix + "AdaptiveRetry__Defaults__Mode", "Standard");
        try
        {
            _services.AddAdaptiveRetry(new ConfigurationBuilder()
                .AddInMemoryCollection([new("AdaptiveRetry:Defaults:Mode", "Legacy")])
                .AddEnvironmentVariables(Prefix)
                .Build());

            Assert.That(OptionsOf("orders").Mode, Is.EqualTo(RetryMode.Standard));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Prefix + "AdaptiveRetry__Defaults__Mode", null);
        }
    }

    [TestCase("AdaptiveRetry:Default:Mode", "Legacy",
        "AdaptiveRetry:Default (keys below it) is not known here; did you mean Defaults?")]
    [TestCase("AdaptiveRetry:Defaults:Mod", "Legacy",
        "AdaptiveRetry:Defaults:Mod (Legacy) is not a setting; did you mean Mode?")]
    [TestCase("AdaptiveRetry:Clients:orders:Mode", "Fast",
        "AdaptiveRetry:Clients:orders:Mode (Fast) must be one of Adaptive, Standard, Legacy")]
    public void Validate_AtHostStart_FindsFaultsOfTheConfiguration(string key, string value, string problem)
    {
        _services.AddAdaptiveRetry(Configuration((key, value)));
        using var provider = _services.BuildServiceProvider();

        var thrown = Assert.Throws<OptionsValidationException>(
            () => provider.GetRequiredService<IStartupValidator>().Validate());

        Assert.That(thrown!.Message, Does.Contain(problem));
    }

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(static s => KeyValuePair.Create(s.Key, (string?)s.Value)))
            .Build();

    private AdaptiveRetryOptions OptionsOf(string client) =>
        _services.BuildServiceProvider().GetRequiredService<IOptionsMonitor<AdaptiveRetryOptions>>().Get(client);
}
