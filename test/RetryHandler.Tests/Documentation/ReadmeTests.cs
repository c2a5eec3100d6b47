using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RetryHandler.Tests.Conventions;

namespace RetryHandler.Tests.Documentation;

/// <summary>Every example of the README is compiled, runs, and does what the text around it says.</summary>
[TestFixture]
[CancelAfter(60_000)]
internal sealed class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(SourceTree.Root, "README.md"));

    private static readonly string Snippets = Flatten(File.ReadAllText(
        Path.Combine(SourceTree.Root, "test/RetryHandler.Tests/Documentation/ReadmeSnippets.cs")));

    // The first one is a whole program: RetryHandler.Package.Tests runs it with the packed library.
    private static IEnumerable<string> Examples => BlockPattern("csharp").Matches(Readme)
        .Select(static match => match.Groups[1].Value).Skip(1);

    private static IEnumerable<TestCaseData> SetUps => typeof(ReadmeSnippets).GetMethods()
        .Where(static method => method.GetParameters() is [{ ParameterType.Name: nameof(WebApplicationBuilder) }])
        .Select(static method => new TestCaseData(method).SetArgDisplayNames(method.Name));

    [Test]
    public void Examples_All_AreCompiled() => Assert.That(
        Examples.Where(static example => !Snippets.Contains(Flatten(example), StringComparison.Ordinal)), Is.Empty);

    [Test]
    public void Examples_All_AreFound() => Assert.That(Examples.Count(), Is.GreaterThanOrEqualTo(8));

    [Test]
    public void Flatten_OtherCode_Differs() => Assert.That(Snippets, Does.Not.Contain(Flatten("builder.Nothing();")));

    [TestCaseSource(nameof(SetUps))]
    public async Task Example_SetUp_GivesAClientThatWorks(MethodInfo snippet)
    {
        await using var upstream = await LoopbackUpstream.StartAsync(static _ => Task.CompletedTask);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        snippet.Invoke(null, [builder]);
        builder.Services.AddHttpClient<OrdersClient>(http => http.BaseAddress = upstream.Address);
        await using var app = builder.Build();

        using var response = await app.Services.GetRequiredService<OrdersClient>().Http.GetAsync("/");

        Assert.That(response.IsSuccessStatusCode);
    }

    [Test]
    public async Task Example_Request_Works()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(static _ => Task.CompletedTask);
        var services = new ServiceCollection();
        services.AddHttpClient<OrdersClient>(http => http.BaseAddress = upstream.Address).AddAdaptiveRetry();
        await using var provider = services.BuildServiceProvider();

        await ReadmeSnippets.Request(provider.GetRequiredService<OrdersClient>(), CancellationToken.None);
    }

    /// <summary>The settings file of the README is one that the library understands.</summary>
    [Test]
    public void Example_SettingsFile_IsValid()
    {
        var json = BlockPattern("json").Match(Readme).Groups[1].Value;
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json));
        var services = new ServiceCollection();
        services.AddAdaptiveRetry(new ConfigurationBuilder().AddJsonStream(stream).Build());
        using var provider = services.BuildServiceProvider();

        provider.GetRequiredService<IStartupValidator>().Validate();

        var options = provider.GetRequiredService<IOptionsMonitor<AdaptiveRetryOptions>>().Get("OrdersClient");
        Assert.That(options.Throttled.MaxAttempts, Is.EqualTo(5));
        Assert.That(options.TotalTimeout, Is.EqualTo(TimeSpan.FromSeconds(30)));
    }

    /// <summary>Layout does not matter: indentation is deeper in a method.</summary>
    private static string Flatten(string code) => string.Concat(code.Where(static c => !char.IsWhiteSpace(c)));

    private static Regex BlockPattern(string language) =>
        new($"^```{language}\\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline);
}
