using System.Net.Http.Json;
using RetryHandler.Replay;

namespace RetryHandler.Tests.Replay;

/// <summary>What is known of a request before, between and after its attempts.</summary>
[TestFixture]
internal sealed class RequestSnapshotTests
{
    private readonly RequestReplay _replay = new();

    [TestCase("PUT", null, null, false)]
    [TestCase("PUT", null, "http://upstream.test/moved", true)]
    [TestCase("PUT", "GET", null, true)]
    [TestCase("POST", null, null, false)]
    [TestCase("POST", null, "http://upstream.test/moved", false)]
    [TestCase("POST", "GET", null, true)]
    [TestCase("POST", "GET", "http://upstream.test/moved", true)]
    public void HasBecomeAnother_Redirect_IsSoWhenTheAnswerIsNotToTheRequest(
        string method, string? methodThen, string? addressThen, bool expected)
    {
        var request = Request(method);
        _replay.Begin(request);
        request.Method = methodThen is null ? request.Method : new HttpMethod(methodThen);
        request.RequestUri = addressThen is null ? request.RequestUri : new Uri(addressThen);

        Assert.That(_replay.HasBecomeAnother, Is.EqualTo(expected));
        _replay.Restore();
        Assert.That(_replay.HasBecomeAnother, Is.False);
    }

    /// <summary>In a Polly pipeline that does not tell the message, the callback makes each one anew.</summary>
    [Test]
    public void Begin_NoMessage_CanBeReplayedAndIsOfUnknownEffect()
    {
        _replay.Begin(null);

        Assert.That(_replay.Restore, Throws.Nothing);
        Assert.Multiple(() =>
        {
            Assert.That(_replay.Method, Is.EqualTo("unknown"));
            Assert.That(_replay.CanReplay, Is.True);
            Assert.That(_replay.NeedsBuffer(maxAttempts: 3), Is.False);
            Assert.That(_replay.IsIdempotent, Is.False);
            Assert.That(_replay.IsDisabled, Is.False);
            Assert.That(_replay.HasBecomeAnother, Is.False);
            Assert.That(_replay.MaxAttempts, Is.Null);
        });
    }

    [Test]
    public void Begin_Message_IsKnownByItsMethod()
    {
        _replay.Begin(Request("PUT"));

        Assert.That(_replay.Method, Is.EqualTo("PUT"));
        Assert.That(_replay.IsIdempotent, Is.True);
    }

    [Test]
    public void Marks_OfOneRequest_AreItsOwn()
    {
        var marked = Request("GET").SetAdaptiveRetryTotalTimeout(TimeSpan.FromSeconds(5))
            .SetAdaptiveRetryPartition("blue").SetAdaptiveRetryMaxAttempts(4);

        Assert.Multiple(() =>
        {
            Assert.That(RequestTables.TotalTimeouts.TryFind(marked, out var timeout), Is.True);
            Assert.That(RequestTables.TotalTimeouts.TryFind(Request("GET"), out _), Is.False);
            Assert.That(RequestTables.TotalTimeouts.TryFind(null, out _), Is.False);
            Assert.That(timeout, Is.EqualTo(TimeSpan.FromSeconds(5)));
            Assert.That(RequestTables.Partitions.TryFind(marked, out var partition), Is.True);
            Assert.That(partition, Is.EqualTo("blue"));
            Assert.That(RequestTables.Partitions.TryFind(Request("GET"), out _), Is.False);
            Assert.That(RequestMarks.MaxAttempts(marked), Is.EqualTo(4));
            Assert.That(RequestMarks.IsDisabled(marked), Is.False);
            Assert.That(RequestMarks.IsRepeatable(marked), Is.False);
            Assert.That(RequestMarks.IsDisabled(Request("GET").DisableAdaptiveRetry()), Is.True);
            Assert.That(RequestMarks.IsRepeatable(Request("POST").MarkRepeatable()), Is.True);
        });
    }

    /// <summary>Without a content the transport itself would repeat it on other connections.</summary>
    [TestCase("POST", true)]
    [TestCase("PATCH", true)]
    [TestCase("GET", false)]
    [TestCase("DELETE", false)]
    public void Begin_NoContent_MethodsThatMayActTwiceGetAnEmptyOne(string method, bool given)
    {
        var request = Request(method);

        _replay.Begin(request);

        Assert.That(request.Content is not null, Is.EqualTo(given));
    }

    [TestCase("POST")]
    [TestCase("GET")]
    public void Begin_Content_IsKept(string method)
    {
        using var content = new StringContent("payload");
        var request = Request(method, content);

        _replay.Begin(request);

        Assert.That(request.Content, Is.SameAs(content));
    }

    [TestCase("Idempotency-Key", "7", true)]
    [TestCase("idempotency-key", "7", true)]
    [TestCase("Idempotency-Key", " ", false)]
    [TestCase("X-Idempotency", "7", false)]
    public void IsIdempotent_Header_CountsWithAValue(string name, string value, bool expected)
    {
        var request = Request("POST");
        request.Headers.TryAddWithoutValidation(name, value);

        _replay.Begin(request);

        Assert.That(_replay.IsIdempotent, Is.EqualTo(expected));
    }

    [Test]
    public async Task End_BufferedRequestWithAKey_LeavesNothingToTheNext()
    {
        var request = Request("POST", ForwardOnly(length: 7));
        request.Headers.Add("Idempotency-Key", "7");
        _replay.Begin(request);
        await _replay.BufferAsync(maxBytes: 7, isSynchronous: false, CancellationToken.None);
        Assert.That(_replay.IsBuffered, Is.True);
        Assert.That(_replay.IsIdempotent, Is.True);

        _replay.End();
        Assert.That(_replay.Request, Is.Null);
        Assert.That(_replay.Method, Is.EqualTo("unknown"));
        var next = Request("POST");
        _replay.Begin(next);

        Assert.That(_replay.IsBuffered, Is.False);
        Assert.That(_replay.IsIdempotent, Is.False);
        next.Headers.Add("X-Other", "1");
        next.Content!.Headers.Add("X-Other", "1");
        _replay.Restore();
        Assert.That(next.Headers, Is.Empty);
        Assert.That(next.Content.Headers.Contains("X-Other"), Is.False);
    }

    [TestCase(7, true)]
    [TestCase(6, false)]
    [TestCase(0, false)]
    public async Task BufferAsync_KnownLength_IsReadUpToTheLimit(int maxBytes, bool expected)
    {
        _replay.Begin(Request("PUT", ForwardOnly(length: 7)));

        await _replay.BufferAsync(maxBytes, isSynchronous: false, CancellationToken.None);

        Assert.That(_replay.IsBuffered, Is.EqualTo(expected));
        Assert.That(_replay.CanReplay, Is.EqualTo(expected));
    }

    /// <summary>An empty content of unknown kind is not read when nothing may be.</summary>
    [Test]
    public async Task BufferAsync_LimitOfZero_ReadsNothing()
    {
        _replay.Begin(Request("PUT", ForwardOnly(length: 0)));

        await _replay.BufferAsync(maxBytes: 0, isSynchronous: false, CancellationToken.None);

        Assert.That(_replay.IsBuffered, Is.False);
    }

    /// <summary>A content of the user's own may be unable to write itself on a blocked thread.</summary>
    [TestCase(true, true, true)]
    [TestCase(false, true, false)]
    [TestCase(true, false, true)]
    [TestCase(false, false, true)]
    public void BufferAsync_Content_IsReadUnlessItMightBlock(bool isStream, bool isSynchronous, bool expected)
    {
        using HttpContent content = isStream ? ForwardOnly(length: 7) : new SevenBytes();
        _replay.Begin(Request("PUT", content));
        Assert.That(_replay.NeedsBuffer(maxAttempts: 3), Is.True);

        var buffering = _replay.BufferAsync(maxBytes: 100, isSynchronous, CancellationToken.None);
        buffering.AsTask().GetAwaiter().GetResult();

        Assert.That(_replay.IsBuffered, Is.EqualTo(expected));
    }

    public static IEnumerable<TestCaseData> Contents()
    {
        yield return Content("none", null, false);
        yield return Content("bytes", new ByteArrayContent([]), false);
        yield return Content("memory", new ReadOnlyMemoryContent(default), false);
        yield return Content("string", new StringContent("a"), false);
        yield return Content("JSON", JsonContent.Create(1), false);
        yield return Content("parts", new MultipartContent(), false);
        yield return Content("stream of declared length", ForwardOnly(length: 7), true);
        yield return Content("stream", ForwardOnly(length: null), false);
        yield return Content("of the user's", new SevenBytes(), true);

        static TestCaseData Content(string name, HttpContent? content, bool needsBuffer) =>
            new TestCaseData(content, needsBuffer).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Contents))]
    public void NeedsBuffer_Content_IsSoWhereOnlyMemoryCanRepeatIt(HttpContent? content, bool expected)
    {
        _replay.Begin(Request("PUT", content));

        Assert.That(_replay.NeedsBuffer(maxAttempts: 3), Is.EqualTo(expected));
    }

    /// <summary>The framework shows a length that was asked for as a header; that is no change of the content.</summary>
    [Test]
    public void Restore_LengthWasAskedFor_HeadersAreLeftAlone()
    {
        using var content = new StringContent("seven b");
        _replay.Begin(Request("PUT", content));
        var parsed = content.Headers.ContentType;

        Assert.That(content.Headers.ContentLength, Is.EqualTo(7));
        _replay.Restore();

        Assert.That(content.Headers.NonValidated.Contains("Content-Length"), Is.True);
        Assert.That(content.Headers.ContentType, Is.SameAs(parsed));
    }

    [Test]
    public void Restore_LengthWasAskedForAndAHeaderAdded_OnlyWhatWasGivenStays()
    {
        using var content = new StringContent("seven b");
        _replay.Begin(Request("PUT", content));

        Assert.That(content.Headers.ContentLength, Is.EqualTo(7));
        content.Headers.Add("X-Signature", "1");
        _replay.Restore();

        Assert.That(content.Headers.Select(static h => h.Key), Is.EqualTo(["Content-Type"]));
        Assert.That(content.Headers.ContentLength, Is.EqualTo(7));
    }

    private static HttpRequestMessage Request(string method, HttpContent? content = null) =>
        new(new HttpMethod(method), "http://upstream.test/") { Content = content };

    private static StreamContent ForwardOnly(int? length)
    {
        var content = new StreamContent(new ForwardOnlyStream(new byte[length ?? 7]));
        content.Headers.ContentLength = length;
        return content;
    }

    private sealed class SevenBytes : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) =>
            stream.WriteAsync(new byte[7]).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 7;
            return true;
        }
    }
}
