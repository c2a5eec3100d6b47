using System.Net;
using System.Net.Http.Headers;
using static RetryHandler.Tests.Support.ScriptedHandler;

namespace RetryHandler.Tests.Replay;

/// <summary>What inner handlers do to the headers of one attempt does not reach the next.</summary>
[TestFixture]
internal sealed class HeaderRestoreTests
{
    private static readonly Uri Address = new("http://upstream.test/orders");

    private readonly ManualTimeProvider _time = new();

    [TestCase("other")]
    [TestCase("one", "other")]
    [TestCase("one")]
    [TestCase("one", "two", "three")]
    [TestCase]
    public async Task SendAsync_InnerHandlerChangedAHeader_RestoresItsValues(params string[] values)
    {
        using var client = Client(
            request =>
            {
                request.Headers.Remove("X-Given");
                request.Headers.TryAddWithoutValidation("X-Given", values);
                return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
            },
            Status(200));
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.Headers.Add("X-Given", ["one", "two"]);

        using var response = await client.SendAsync(request);

        Assert.That(request.Headers.GetValues("X-Given"), Is.EqualTo(new[] { "one", "two" }));
    }

    [Test]
    public async Task SendAsync_InnerHandlerReplacedAHeaderByAnother_RestoresIt()
    {
        using var client = Client(
            request =>
            {
                request.Headers.Remove("X-Given");
                request.Headers.Add("X-Other", "one");
                return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
            },
            Status(200));
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        request.Headers.Add("X-Given", "one");

        using var response = await client.SendAsync(request);

        Assert.That(request.Headers.Select(static header => header.Key), Is.EqualTo(new[] { "X-Given" }));
    }

    [Test]
    public async Task SendAsync_InnerHandlerChangedAHeaderOfTheContent_RestoresIt()
    {
        using var client = Client(
            request =>
            {
                request.Content!.Headers.ContentType = new MediaTypeHeaderValue("text/html");
                request.Content.Headers.Add("X-Signature", "of the first attempt");
                return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
            },
            Status(200));
        using var request = new HttpRequestMessage(HttpMethod.Put, Address) { Content = new StringContent("payload") };

        using var response = await client.SendAsync(request);

        Assert.That(request.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/plain"));
        Assert.That(request.Content.Headers.Contains("X-Signature"), Is.False);
    }

    private ClientUnderTest Client(params Func<HttpRequestMessage, HttpResponseMessage>[] steps) =>
        new(_time, new ScriptedHandler(_time, steps));
}
