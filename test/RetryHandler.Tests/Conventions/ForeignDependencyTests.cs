namespace RetryHandler.Tests.Conventions;

/// <summary>Which rooms may know Polly, the Microsoft.Extensions packages and HTTP.</summary>
public sealed class ForeignDependencyTests
{
    private static readonly string[] PureRooms = ["Backoff", "Quota", "RateLimiting"];

    // The option that configures the attempt pipeline takes Polly's builder.
    [TestCase("Polly", "Pipeline", "AdaptiveRetryOptions.cs")]
    [TestCase("Microsoft.Extensions.DependencyInjection", "DependencyInjection")]
    [TestCase("Microsoft.Extensions.Http", "DependencyInjection")]
    [TestCase("Microsoft.Extensions.Configuration", "Configuration", "DependencyInjection")]
    [TestCase("Microsoft.Extensions.Logging", "Configuration", "Telemetry")]
    [TestCase("Microsoft.Extensions.Options", "Configuration", "DependencyInjection", "Handler", "Pipeline")]
    public void Library_ForeignNamespace_IsNamedWhereItBelongs(string foreignNamespace, params string[] places)
    {
        Assert.That(ForeignDependencies.FindForbidden(SourceTree.Library, foreignNamespace, places), Is.Empty);

        // Each place still needs its permission.
        foreach (var place in places)
        {
            var others = places.Where(other => other != place).ToArray();
            Assert.That(
                ForeignDependencies.FindForbidden(SourceTree.Library, foreignNamespace, others), Is.Not.Empty, place);
        }
    }

    [Test]
    public void PureRooms_Microsoft_IsNotNamed() => Assert.That(
        ForeignDependencies.FindForbidden(SourceTree.Library.Where(IsPure), "Microsoft"), Is.Empty);

    /// <summary>A failed send is an exception that callers of HttpClient know; nothing else of HTTP gets in.</summary>
    [Test]
    public void PureRooms_Http_IsNotNamed()
    {
        var named = SourceTree.Library.Where(IsPure).SelectMany(
            ForeignDependencies.HttpTypesNamedBy, static (file, type) => $"{file} names {type}");

        Assert.That(named, Is.EqualTo(["RateLimiting/SendRateLimitedException.cs names HttpRequestException"]));
    }

    [TestCase("using Polly;", 1)]
    [TestCase("using Polly.Timeout;", 1)]
    [TestCase("class A : Polly.ResilienceStrategy;", 1)]
    [TestCase("// Polly\nclass A { string a = \"Polly.Timeout\"; }", 0)]
    [TestCase("class PollyA;", 0)]
    public void FindForbidden_ForeignNamespace_FindsIt(string code, int offences) => Assert.That(
        ForeignDependencies.FindForbidden([new SourceFile("Retry/A.cs", code)], "Polly", "Pipeline").ToList(),
        Has.Count.EqualTo(offences));

    [TestCase("class A { HttpClient client; }", "HttpClient")]
    [TestCase("class A { DelegatingHandler handler; }", "DelegatingHandler")]
    [TestCase("using System.Net.Http.Headers;", "System.Net.Http.Headers")]
    [TestCase("class A { string a = \"HttpClient\"; } // HttpClient", null)]
    public void HttpTypesNamedBy_Code_FindsThem(string code, string? type) => Assert.That(
        ForeignDependencies.HttpTypesNamedBy(new SourceFile("Quota/A.cs", code)),
        type is null ? Is.Empty : Is.EqualTo([type]));

    private static bool IsPure(SourceFile file) => PureRooms.Contains(file.Room);
}
