using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RetryHandler.Tests.Conventions;
using RetryHandler.Tests.Documentation.Snippets;

namespace RetryHandler.Tests.Documentation;

/// <summary>Every example of the README and of the other pages is compiled, runs, and does what is said of it.</summary>
[TestFixture]
[CancelAfter(60_000)]
internal sealed class ReadmeTests
{
    private static readonly Type[] SnippetClasses =
        [typeof(ReadmeSnippets), typeof(ConfigurationSnippets), typeof(ComparisonSnippets)];

    private static readonly string Snippets = Flatten(string.Concat(Directory
        .EnumerateFiles(
            Path.Combine(SourceTree.Root, "test/RetryHandler.Tests/Documentation"), "*.cs", SearchOption.AllDirectories)
        .Select(File.ReadAllText)));

    // The first one is a whole program: RetryHandler.Package.Tests runs it with the packed library.
    private static IEnumerable<string> Examples =>
        DocumentPage.All.SelectMany(static page => page.Blocks("csharp")).Skip(1);

    private static IEnumerable<MethodInfo> SnippetMethods => SnippetClasses.SelectMany(static type =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Static));

    private static IEnumerable<TestCaseData> SetUps => SnippetMethods.Where(IsSetUp)
        .Select(static method => new TestCaseData(method).SetArgDisplayNames(method.Name));

    [Test]
    public void Examples_All_AreCompiled() => Assert.That(
        Examples.Where(static example => !Snippets.Contains(Flatten(example), StringComparison.Ordinal)), Is.Empty);

    [Test]
    public void Examples_All_AreFound()
    {
        Assert.That(Examples.Count(), Is.GreaterThanOrEqualTo(25));
        Assert.That(DocumentPage.All[0], Is.EqualTo(DocumentPage.Readme));
    }

    /// <summary>What has no test of its own below is run as a set-up.</summary>
    [Test]
    public void Snippets_All_AreRun() => Assert.That(
        SnippetMethods.Where(static method => !IsSetUp(method)).Select(static method => method.Name),
        Is.EquivalentTo(new[]
        {
            nameof(ReadmeSnippets.Request), nameof(ReadmeSnippets.Dashboard), nameof(ReadmeSnippets.SendRateLimited),
        }));

    [Test]
    public void Flatten_OtherCode_Differs() =>
        Assert.That(Snippets, Does.Not.Contain(Flatten("builder" + ".Nothing();")));

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

    [Test]
    public async Task Example_Dashboard_IsMappedForThoseWhoMay()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddAdaptiveRetry();
        await using var app = builder.Build();

        ReadmeSnippets.Dashboard(app);

        var endpoints = ((IEndpointRouteBuilder)app).DataSources.SelectMany(static source => source.Endpoints).ToList();
        Assert.That(endpoints, Is.Not.Empty);
        Assert.That(endpoints.Select(static endpoint => endpoint.Metadata.GetMetadata<IAuthorizeData>()), Has.None.Null);
    }

    [Test]
    public async Task Example_SendRateLimited_TurnsTheExceptionIntoAnAnswer()
    {
        // A longer pause than a call waits for: the first call gets the answer, the next one is held back.
        using var upstream = new ScriptedHandler(ScriptedHandler.Status(429, null, ("Retry-After", "300")));
        using var handler = new AdaptiveRetryHandler(new(), new ManualClock()) { InnerHandler = upstream };
        using var http = new HttpClient(handler) { BaseAddress = new Uri("https://orders.example") };

        var first = await ReadmeSnippets.SendRateLimited(http, CancellationToken.None);
        var second = await ReadmeSnippets.SendRateLimited(http, CancellationToken.None);

        Assert.That(((IStatusCodeHttpResult)first).StatusCode, Is.EqualTo(200));
        Assert.That(((IStatusCodeHttpResult)second).StatusCode, Is.EqualTo(503));
        Assert.That(upstream.Attempts, Has.Count.EqualTo(1));
    }

    /// <summary>The classifiers of the pages do what the text says.</summary>
    [Test]
    public async Task Example_Classifiers_JudgeTheirUpstreams()
    {
        var clock = new ManualClock();
        var options = new AdaptiveRetryOptions();
        options.Classification.InspectSuccessBodies = true;
        options.Classification.Classifiers.Add(new WarehouseClassifier());
        options.Classification.Classifiers.Add(new BusyShopClassifier());
        using var upstream = new ScriptedHandler(
            ScriptedHandler.Status(409, null, ("X-Counting", "1")),
            ScriptedHandler.Status(200, "{\"busy_for\":3}", ("Content-Type", "application/json")),
            ScriptedHandler.Status(200));
        using var http = new HttpClient(new AdaptiveRetryHandler(options, clock) { InnerHandler = upstream });
        using var order = new StringContent("{}");

        using var response = await clock.RunAsync(http.PostAsync(new Uri("https://orders.example/orders"), order));

        Assert.That(response.GetAdaptiveRetryInfo().Attempts, Is.EqualTo(3));
        Assert.That(response.GetAdaptiveRetryInfo().TimeWaited.TotalSeconds, Is.GreaterThanOrEqualTo(3));
    }

    /// <summary>The settings file of the pages is one that the library understands.</summary>
    [TestCase("README.md")]
    [TestCase("docs/configuration.md")]
    public void Example_SettingsFile_IsValid(string path)
    {
        var json = new DocumentPage(path).Blocks("json").Single();
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

    private static bool IsSetUp(MethodInfo method) =>
        method.GetParameters() is [{ ParameterType.Name: nameof(WebApplicationBuilder) }];
}
