using System.Net;
using System.Net.Http.Json;
using System.Text;
using static RetryHandler.Tests.Support.ScriptedHandler;

namespace RetryHandler.Tests.Replay;

[TestFixture]
internal sealed class RequestReplayTests
{
    private static readonly Uri Address = new("http://upstream.test/orders?page=2");

    private readonly ManualTimeProvider _time = new();

    public static IEnumerable<TestCaseData> RewindableContents()
    {
        yield return Content("string", () => new StringContent("payload"));
        yield return Content("bytes", () => new ByteArrayContent(Encoding.UTF8.GetBytes("payload")));
        yield return Content("memory", () => new ReadOnlyMemoryContent(Encoding.UTF8.GetBytes("payload")));
        yield return Content("json", () => JsonContent.Create(new { Name = "payload" }));
        yield return Content("form", () => new FormUrlEncodedContent([new("a", "payload")]));
        yield return Content("seekable stream", () => new StreamContent(new MemoryStream("payload"u8.ToArray())));
        yield return Content(
            "multipart", () => new MultipartContent { new StringContent("a"), new StringContent("payload") });

        static TestCaseData Content(string name, Func<HttpContent> create) =>
            new TestCaseData(create).SetArgDisplayNames(name);
    }

    public static IEnumerable<TestCaseData> ForwardOnlyContents()
    {
        yield return Content("forward-only stream", ForwardOnly);
        yield return Content(
            "multipart with a forward-only part",
            () => new MultipartContent { new StringContent("a"), ForwardOnly() });

        static TestCaseData Content(string name, Func<HttpContent> create) =>
            new TestCaseData(create).SetArgDisplayNames(name);
    }

    private static StreamContent ForwardOnly() => new(new ForwardOnlyStream("payload"u8.ToArray()));

    [TestCaseSource(nameof(RewindableContents))]
    public async Task SendAsync_RewindableContent_SendsTheSameBytesAgain(Func<HttpContent> content)
    {
        using var client = Client(Status(503), Status(503), Status(200));
        using var request = new HttpRequestMessage(HttpMethod.Put, Address) { Content = content() };

        using var response = await client.SendAsync(request);

        var bodies = client.Upstream.Attempts.Select(a => a.Body).ToList();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(bodies, Has.Count.EqualTo(3).And.All.Contains("payload"));
        Assert.That(bodies.Distinct().Count(), Is.EqualTo(1));
    }

    [TestCaseSource(nameof(ForwardOnlyContents))]
    public async Task SendAsync_ForwardOnlyContent_ReturnsTheOriginalResponse(Func<HttpContent> content)
    {
        using var client = Client(Status(503, "busy"), Status(200));
        using var request = new HttpRequestMessage(HttpMethod.Put, Address) { Content = content() };

        using var response = await client.SendAsync(request);

        var body = await response.Content.ReadAsStringAsync();
        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(body, Is.EqualTo("busy"));
            Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(1));
            Assert.That(response.GetAdaptiveRetryInfo().StopReason, Is.EqualTo(RetryStopReason.NotReplayable));
        });
    }

    [Test]
    public async Task SendAsync_InnerHandlerChangedTheMessage_RestoresItBeforeTheNextAttempt()
    {
        // What following a redirect does: POST becomes GET, without content, to another address.
        static HttpResponseMessage Redirected(HttpRequestMessage request)
        {
            request.Method = HttpMethod.Get;
            request.Content = null;
            request.RequestUri = new Uri("http://elsewhere.test/");
            request.Version = HttpVersion.Version20;
            request.Headers.Remove("X-Given");
            request.Headers.Add("X-Added", "by an inner handler");
            return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        }

        using var client = Client(Redirected, Redirected, Status(200));
        using var request = new HttpRequestMessage(HttpMethod.Put, Address) { Content = new StringContent("payload") };
        request.Headers.Add("X-Given", ["one", "two"]);

        using var response = await client.SendAsync(request);

        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(3));
        Assert.Multiple(() =>
        {
            foreach (var attempt in client.Upstream.Attempts)
            {
                Assert.That(attempt.Method, Is.EqualTo("PUT"));
                Assert.That(attempt.Uri, Is.EqualTo(Address));
                Assert.That(attempt.Body, Is.EqualTo("payload"));
                Assert.That(attempt.Headers, Contains.Key("X-Given").WithValue("one,two"));
                Assert.That(attempt.Headers, Does.Not.ContainKey("X-Added"));
            }
        });
    }

    [Test]
    public async Task SendAsync_InnerHandlerAddsHeaderAgainAndAgain_SendsItOncePerAttempt()
    {
        var seen = new List<string>();
        HttpResponseMessage AddHeader(HttpRequestMessage request)
        {
            request.Headers.Add("X-Attempt", "x");
            seen.Add(string.Join(",", request.Headers.GetValues("X-Attempt")));
            return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        }

        using var client = Client(AddHeader);
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);

        using var response = await client.SendAsync(request);

        Assert.That(seen, Is.EqualTo(new[] { "x", "x", "x" }));
    }

    [Test]
    public async Task SendAsync_Retried_SendsTheSameMessageWithItsOptions()
    {
        var key = new HttpRequestOptionsKey<string>("tenant");
        var messages = new List<HttpRequestMessage>();
        using var client = Client(request =>
        {
            messages.Add(request);
            return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.Options.Set(key, "blue");

        using var response = await client.SendAsync(request);

        Assert.That(messages, Has.Count.EqualTo(3).And.All.SameAs(request));
        Assert.That(request.Options.TryGetValue(key, out var tenant) ? tenant : null, Is.EqualTo("blue"));
    }

    [TestCase("GET", true)]
    [TestCase("HEAD", true)]
    [TestCase("PUT", true)]
    [TestCase("DELETE", true)]
    [TestCase("OPTIONS", true)]
    [TestCase("TRACE", true)]
    [TestCase("get", true)]
    [TestCase("POST", false)]
    [TestCase("PATCH", false)]
    [TestCase("MERGE", false)]
    public async Task SendAsync_PerhapsProcessed_RepeatsIdempotentMethodsOnly(string method, bool repeats)
    {
        using var client = Client(Status(500), Status(200));
        using var request = new HttpRequestMessage(new HttpMethod(method), Address);

        using var response = await client.SendAsync(request);

        Assert.Multiple(() =>
        {
            Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(repeats ? 2 : 1));
            Assert.That(
                response.GetAdaptiveRetryInfo().StopReason,
                Is.EqualTo(repeats ? RetryStopReason.Succeeded : RetryStopReason.UnsafeToRepeat));
        });
    }

    [Test]
    public async Task SendAsync_PostRefusedByThrottling_IsRepeated()
    {
        using var client = Client(Status(429), Status(200));
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = new StringContent("payload") };

        using var response = await client.SendAsync(request);

        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task SendAsync_PostNeverConnected_IsRepeated()
    {
        using var client = Client(
            Throw(() => new HttpRequestException(HttpRequestError.ConnectionError, "refused")), Status(200));
        using var request = new HttpRequestMessage(HttpMethod.Post, Address);

        using var response = await client.SendAsync(request);

        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task SendAsync_PostWithIdempotencyKey_IsRepeated()
    {
        using var client = Client(Status(500), Status(200));
        using var request = new HttpRequestMessage(HttpMethod.Post, Address);
        request.Headers.Add("idempotency-key", "7");

        using var response = await client.SendAsync(request);

        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task SendAsync_PostMarkedRepeatable_IsRepeated()
    {
        using var client = Client(Status(500), Status(200));
        using var request = new HttpRequestMessage(HttpMethod.Post, Address).MarkRepeatable();

        using var response = await client.SendAsync(request);

        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(2));
    }

    [TestCase(UnsafeMethodReplay.Always, 500, 2)]
    [TestCase(UnsafeMethodReplay.WhenNotProcessed, 500, 1)]
    [TestCase(UnsafeMethodReplay.WhenNotProcessed, 429, 2)]
    [TestCase(UnsafeMethodReplay.Never, 429, 1)]
    public async Task SendAsync_UnsafeMethodsOption_DecidesOnPosts(UnsafeMethodReplay replay, int status, int attempts)
    {
        using var client = new ClientUnderTest(
            _time, new ScriptedHandler(_time, Status(status), Status(200)), o => o.Replay.UnsafeMethods = replay);
        using var request = new HttpRequestMessage(HttpMethod.Post, Address);

        using var response = await client.SendAsync(request);

        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(attempts));
    }

    private ClientUnderTest Client(params Func<HttpRequestMessage, HttpResponseMessage>[] steps) =>
        new(_time, new ScriptedHandler(_time, steps));
}
