using System.Net;
using static RetryHandler.Tests.Support.ScriptedHandler;

namespace RetryHandler.Tests.Replay;

/// <summary>
/// A body that can be read only once is buffered when it is known to be small, and otherwise sent once.
/// </summary>
[TestFixture]
internal sealed class BufferingTests
{
    private readonly ManualTimeProvider _time = new();

    [TestCase(100, 100, true)]
    [TestCase(101, 100, false)]
    [TestCase(65_536, null, true)]
    [TestCase(65_537, null, false)]
    [TestCase(1, 0, false)]
    public async Task SendAsync_ForwardOnlyContentOfKnownLength_IsRepeatedUpToTheLimit(
        int length, int? limit, bool repeats)
    {
        var stream = new ForwardOnlyStream(new byte[length]);
        using var client = Client(o => o.Replay.MaxBufferedBytes = limit ?? o.Replay.MaxBufferedBytes);
        using var request = Put(stream, length);

        using var response = await client.SendAsync(request);

        Assert.Multiple(() =>
        {
            Assert.That((int)response.StatusCode, Is.EqualTo(repeats ? 200 : 503));
            Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(repeats ? 2 : 1));
            Assert.That(client.Upstream.Attempts, Has.All.Matches<RecordedAttempt>(a => a.Body!.Length == length));
        });
    }

    [Test]
    public async Task SendAsync_ForwardOnlyContentOfUnknownLength_IsNotReadAhead()
    {
        var stream = new ForwardOnlyStream("payload"u8.ToArray());
        long? positionAtSend = null;
        using var request = Put(stream, length: null);
        using var invoker = new HttpMessageInvoker(
            new AdaptiveRetryHandler(new AdaptiveRetryOptions(), _time)
            {
                InnerHandler = new NotReadingHandler(() => positionAtSend = stream.BytesRead),
            });

        using var response = await invoker.SendAsync(request, CancellationToken.None);

        Assert.That(positionAtSend, Is.Zero);
        Assert.That(response.GetAdaptiveRetryInfo().StopReason, Is.EqualTo(RetryStopReason.NotReplayable));
    }

    /// <summary>What will be sent once needs no copy, and its sending need not wait for one.</summary>
    [TestCase("disabled")]
    [TestCase("one attempt")]
    public async Task SendAsync_RetriesRuledOutForTheRequest_IsNotReadAhead(string mark)
    {
        var stream = new ForwardOnlyStream("payload"u8.ToArray());
        long? positionAtSend = null;
        using var request = Put(stream, length: 7);
        _ = mark == "disabled" ? request.DisableAdaptiveRetry() : request.SetAdaptiveRetryMaxAttempts(1);
        using var invoker = new HttpMessageInvoker(
            new AdaptiveRetryHandler(new AdaptiveRetryOptions(), _time)
            {
                InnerHandler = new NotReadingHandler(() => positionAtSend = stream.BytesRead),
            });

        using var response = await invoker.SendAsync(request, CancellationToken.None);

        Assert.That(positionAtSend, Is.Zero);
    }

    private static HttpRequestMessage Put(Stream stream, int? length)
    {
        var content = new StreamContent(stream);
        content.Headers.ContentLength = length;
        return new HttpRequestMessage(HttpMethod.Put, "http://upstream.test/") { Content = content };
    }

    private ClientUnderTest Client(Action<AdaptiveRetryOptions> configure) =>
        new(_time, new ScriptedHandler(_time, Status(503), Status(200)), configure);

    private sealed class NotReadingHandler(Action onSend) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            onSend();
            return Task.FromResult(
                new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { RequestMessage = request });
        }
    }
}
