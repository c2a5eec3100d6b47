using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace RetryHandler.Tests.AspNetCore;

[CancelAfter(60_000)]
public sealed class DashboardEndpointTests
{
    [TestCase("/retries/", "text/html")]
    [TestCase("/retries", "text/html")]
    [TestCase("/retries/dashboard.js", "text/javascript")]
    [TestCase("/retries/card.js", "text/javascript")]
    [TestCase("/retries/plot.js", "text/javascript")]
    [TestCase("/retries/words.js", "text/javascript")]
    [TestCase("/retries/dashboard.css", "text/css")]
    [TestCase("/retries/snapshot", "application/json")]
    public async Task Get_EachPart_IsServed(string path, string contentType)
    {
        await using var app = await StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        using var response = await http.GetAsync(path);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo(contentType));
    }

    /// <summary>Nothing inline and nothing from elsewhere, so that the strictest policy lets the page work.</summary>
    [Test]
    public async Task Page_ContentSecurityPolicy_IsStrictAndKept()
    {
        await using var app = await StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        using var response = await http.GetAsync("/retries/");

        var policy = string.Join("; ", response.Headers.GetValues("Content-Security-Policy"));
        var page = await response.Content.ReadAsStringAsync();
        Assert.That(policy, Does.StartWith("default-src 'none'").And.Not.Contain("unsafe"));
        Assert.That(page, Does.Not.Contain("<style").And.Not.Contain(" style=").And.Not.Contain("http"));
        Assert.That(page.Split("<script"), Has.Length.EqualTo(2));
        Assert.That(page, Does.Contain("<script type=\"module\" src="));
    }

    [Test]
    public async Task Stream_Opened_BeginsWithAFrame()
    {
        await using var app = await StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        await using var stream = await http.GetStreamAsync("/retries/stream");
        using var reader = new StreamReader(stream);

        Assert.That(await reader.ReadLineAsync(), Does.StartWith("data: {\"at\":"));
        Assert.That(await reader.ReadLineAsync(), Is.Empty);
        Assert.That(await reader.ReadLineAsync(), Does.StartWith("data: {\"at\":"));
    }

    /// <summary>A stream that is never read to its end must not hold the host up.</summary>
    [Test]
    public async Task Stream_HostStops_Ends()
    {
        await using var app = await StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        await using var stream = await http.GetStreamAsync("/retries/stream");
        using var reader = new StreamReader(stream);
        await reader.ReadLineAsync();

        // Well before the 30 seconds after which a host cuts off whoever does not leave.
        var reading = reader.ReadToEndAsync();
        Assert.DoesNotThrowAsync(() => app.StopAsync().WaitAsync(TimeSpan.FromSeconds(15)));

        // A host that stops may also reset the connection.
        var ended = Task.WhenAny(reading).WaitAsync(TimeSpan.FromSeconds(15));
        Assert.DoesNotThrowAsync(() => ended);
        Assert.That(reading.Exception?.InnerException, Is.Null.Or.InstanceOf<IOException>());
    }

    [TestCase("POST")]
    [TestCase("PUT")]
    [TestCase("DELETE")]
    public async Task Write_AnyPart_IsNotAllowed(string method)
    {
        await using var app = await StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        using var request = new HttpRequestMessage(new HttpMethod(method), "/retries/snapshot");
        using var response = await http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
    }

    /// <summary>What the host demands of one endpoint it can demand of all parts of the page.</summary>
    [Test]
    public async Task Conventions_OfTheHost_HoldForEveryPart()
    {
        await using var app = await StartAsync(static page => page.RequireHost("elsewhere.test"));
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        string[] parts =
            ["", "/", "/stream", "/snapshot", "/dashboard.css", "/dashboard.js", "/card.js", "/words.js", "/plot.js"];
        foreach (var part in parts)
        {
            using var response = await http.GetAsync($"/retries{part}");
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound), part);
        }
    }

    [Test]
    public void Map_WithoutAClient_SaysWhatIsMissing()
    {
        var app = WebApplication.CreateSlimBuilder().Build();

        var thrown = Assert.Throws<InvalidOperationException>(() => app.MapAdaptiveRetryDashboard());

        Assert.That(thrown!.Message, Does.Contain("AddAdaptiveRetry()"));
    }

    [Test]
    public void ExportedTypes_OfThePackage_AreItsTwoExtensionClasses() => Assert.That(
        typeof(AdaptiveRetryEndpointRouteBuilderExtensions).Assembly.GetExportedTypes().Select(static t => t.FullName),
        Is.EquivalentTo(new[]
        {
            "Microsoft.AspNetCore.Builder.AdaptiveRetryEndpointRouteBuilderExtensions",
            "Microsoft.Extensions.DependencyInjection.AdaptiveRetryHealthChecksBuilderExtensions",
        }));

    private static async Task<WebApplication> StartAsync(Action<IEndpointConventionBuilder>? convention = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddHttpClient("orders").AddAdaptiveRetry();
        var app = builder.Build();
        var page = app.MapAdaptiveRetryDashboard();
        convention?.Invoke(page);
        await app.StartAsync();
        return app;
    }
}
