using System.Net;
using Microsoft.Extensions.DependencyInjection;
using RichardSzalay.MockHttp;

namespace RetryHandler.Tests.EndToEnd;

/// <summary>A typed client that knows nothing of this library, with and without the line.</summary>
[TestFixture(true)]
[TestFixture(false)]
[CancelAfter(30_000)]
internal sealed class TypedClientTests(bool adaptiveRetry)
{
    private readonly ManualTimeProvider _time = new();
    private readonly MockHttpMessageHandler _upstream = new();

    [TearDown]
    public void TearDown() => _upstream.Dispose();

    [Test]
    public async Task GetTitles_HealthyUpstream_Works()
    {
        _upstream.Expect(HttpMethod.Get, "http://books.test/books?page=2").Respond("application/json", """["Emma"]""");

        var titles = await RunAsync(client => client.GetTitlesAsync(2));

        Assert.That(titles, Is.EqualTo(new[] { "Emma" }));
        _upstream.VerifyNoOutstandingExpectation();
    }

    [Test]
    public async Task Add_HealthyUpstream_PostsTheContent()
    {
        _upstream.Expect(HttpMethod.Post, "http://books.test/books").WithContent("""{"title":"Emma"}""")
            .Respond("application/json", "7");

        Assert.That(await RunAsync(client => client.AddAsync("Emma")), Is.EqualTo(7));
        _upstream.VerifyNoOutstandingExpectation();
    }

    [Test]
    public async Task Add_ThrottledOnce_SucceedsOnlyWithTheLine()
    {
        _upstream.Expect(HttpMethod.Post, "http://books.test/books").WithContent("""{"title":"Emma"}""")
            .Respond(HttpStatusCode.TooManyRequests);
        _upstream.Expect(HttpMethod.Post, "http://books.test/books").WithContent("""{"title":"Emma"}""")
            .Respond("application/json", "7");

        var call = RunAsync(client => client.AddAsync("Emma"));

        if (adaptiveRetry)
        {
            Assert.That(await call, Is.EqualTo(7));
            _upstream.VerifyNoOutstandingExpectation();
        }
        else
        {
            Assert.ThrowsAsync<HttpRequestException>(() => call);
        }
    }

    [Test]
    public void GetTitles_NotFound_ThrowsTheSameException()
    {
        var attempts = _upstream.When("*").Respond(HttpStatusCode.NotFound);

        var thrown = Assert.ThrowsAsync<HttpRequestException>(() => RunAsync(client => client.GetTitlesAsync(1)));

        Assert.That(thrown!.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(_upstream.GetMatchCount(attempts), Is.EqualTo(1));
    }

    private async Task<T> RunAsync<T>(Func<CatalogClient, Task<T>> call)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        var builder = services.AddHttpClient<CatalogClient>(http => http.BaseAddress = new Uri("http://books.test/"))
            .ConfigurePrimaryHttpMessageHandler(() => _upstream);
        if (adaptiveRetry)
        {
            builder.AddAdaptiveRetry();
        }

        await using var provider = services.BuildServiceProvider();
        return await _time.RunAsync(call(provider.GetRequiredService<CatalogClient>()));
    }
}
