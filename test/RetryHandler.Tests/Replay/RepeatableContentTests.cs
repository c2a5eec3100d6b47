using System.Net;
using System.Net.Http.Json;
using System.Text;
using static RetryHandler.Tests.Support.ScriptedHandler;

namespace RetryHandler.Tests.Replay;

/// <summary>Contents that only look repeatable, and handlers that look into contents.</summary>
[TestFixture]
[CancelAfter(30_000)]
internal sealed class RepeatableContentTests
{
    private readonly ManualTimeProvider _time = new();

    [TestCase(true)]
    [TestCase(false)]
    public async Task SendAsync_InnerHandlerBuffersAndReadsTheContent_FindsAllOfIt(bool seekable)
    {
        // What handlers that sign requests do. A stream that this library had opened before would be spent here.
        string? signed = null;
        using var client = new ClientUnderTest(_time, new ScriptedHandler(_time, request =>
        {
            request.Content!.LoadIntoBufferAsync().GetAwaiter().GetResult();
            using var reader = new StreamReader(request.Content.ReadAsStream());
            signed = reader.ReadToEnd();
            return new HttpResponseMessage();
        })
        { ReadsContent = false });
        var bytes = "payload"u8.ToArray();
        using Stream stream = seekable ? new MemoryStream(bytes) : new ForwardOnlyStream(bytes);

        using var response = await client.SendAsync(Put(new StreamContent(stream)));

        Assert.That(signed, Is.EqualTo("payload"));
    }

    [Test]
    public async Task SendAsync_JsonOverAsyncEnumerable_IsSentOnce()
    {
        using var client = Client();

        using var response = await client.SendAsync(Put(JsonContent.Create(OnceAsync())));

        Assert.That(client.Upstream.Attempts.Single().Body, Is.EqualTo("[1,2]"));
        Assert.That(response.GetAdaptiveRetryInfo().StopReason, Is.EqualTo(RetryStopReason.NotReplayable));
    }

    [Test]
    public async Task SendAsync_StreamContentThatWritesSomethingElse_IsSentOnce()
    {
        using var client = Client();

        using var response = await client.SendAsync(Put(new LinesContent(new Queue<string>(["a", "b"]))));

        Assert.That(client.Upstream.Attempts.Single().Body, Is.EqualTo("ab"));
        Assert.That(response.GetAdaptiveRetryInfo().StopReason, Is.EqualTo(RetryStopReason.NotReplayable));
    }

    [Test]
    public async Task SendAsync_PartThatWritesSomethingElse_IsSentOnce()
    {
        using var client = Client();
        var parts = new MultipartContent { new LinesContent(new Queue<string>(["a", "b"])) };

        using var response = await client.SendAsync(Put(parts));

        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(1));
        Assert.That(response.GetAdaptiveRetryInfo().StopReason, Is.EqualTo(RetryStopReason.NotReplayable));
    }

    /// <summary>The type is that of the compiler, which has other interfaces too.</summary>
    [Test]
    public async Task SendAsync_JsonOverAnIterator_IsSentOnce()
    {
        using var client = Client();
        var numbers = OnceAsync();

        using var response = await client.SendAsync(Put(JsonContent.Create(numbers, numbers.GetType())));

        Assert.That(response.GetAdaptiveRetryInfo().StopReason, Is.EqualTo(RetryStopReason.NotReplayable));
    }

    [Test]
    public async Task SendAsync_InnerHandlerDisposedTheContent_ReturnsTheUpstreamsAnswer()
    {
        using var client = new ClientUnderTest(_time, new ScriptedHandler(_time, request =>
        {
            request.Content!.Dispose();
            return Status(503, "busy")(request);
        }));

        using var response = await client.SendAsync(Put(new StringContent("payload")));

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("busy"));
    }

    [Test]
    public void SendAsync_DeclaredLengthIsTooSmall_ReadsNoMoreThanTheLimit()
    {
        var stream = new ForwardOnlyStream(new byte[10_000_000]);
        using var client = Client();
        var content = new StreamContent(stream);
        content.Headers.ContentLength = 10;

        Assert.CatchAsync<HttpRequestException>(async () => await client.SendAsync(Put(content)));

        Assert.That(stream.BytesRead, Is.LessThan(1_000_000));
    }

    private static async IAsyncEnumerable<int> OnceAsync()
    {
        yield return 1;
        await Task.Yield();
        yield return 2;
    }

    private static HttpRequestMessage Put(HttpContent content) =>
        new(HttpMethod.Put, "http://upstream.test/") { Content = content };

    private ClientUnderTest Client() => new(_time, new ScriptedHandler(_time, Status(503), Status(200)));

    private sealed class LinesContent(Queue<string> lines) : StreamContent(new MemoryStream())
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            while (lines.TryDequeue(out var line))
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(line));
            }
        }

        protected override Task SerializeToStreamAsync(
            Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            SerializeToStreamAsync(stream, context);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
