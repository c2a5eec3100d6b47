using System.Net;

namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>Large and odd contents: what can be sent again arrives complete, what cannot is sent once.</summary>
[TestFixture(false)]
[TestFixture(true)]
[CancelAfter(60_000)]
internal sealed class UploadTests(bool synchronous)
{
    private const int Size = 10 * 1024 * 1024;
    private static readonly string SizeHash = UploadStream.HashOf(Size);

    [TestCase(false)]
    [TestCase(true)]
    public async Task SendAsync_SeekableStream_ArrivesCompleteEachTime(bool chunked)
    {
        await using var upstream = new RawUpstream(RawStep.Respond(503), RawStep.Reset(), RawStep.Ok);
        await using var client = new FaultClient(synchronous, upstream.Address);
        using var request = Upload(canSeek: true);
        request.Headers.TransferEncodingChunked = chunked ? true : null;

        using var response = await client.SendAsync(request);

        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(upstream.Executed, Has.Count.EqualTo(3));
            Assert.That(upstream.Executed.Select(r => r.BodyHash), Has.All.EqualTo(SizeHash));
            Assert.That(upstream.Executed.Select(r => r.Has("Transfer-Encoding: chunked")), Has.All.EqualTo(chunked));
            Assert.That(upstream.Executed.Select(r => r.Has($"Content-Length: {Size}")), Has.All.EqualTo(!chunked));
        });
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream, quotaSpent: 14);
    }

    [Test]
    public async Task SendAsync_BrokenInTheMiddleOfASeekableStream_StartsAgainFromItsBeginning()
    {
        await using var upstream = new RawUpstream(RawStep.Reset().AfterHead(), RawStep.Ok);
        await using var client = new FaultClient(synchronous, upstream.Address);
        var stream = new UploadStream(Size + 1000, canSeek: true) { Position = 1000 };
        using var request = new HttpRequestMessage(HttpMethod.Put, "files/1") { Content = new StreamContent(stream) };

        using var response = await client.SendAsync(request);

        Assert.Multiple(() =>
        {
            Assert.That(upstream.Heads, Has.Count.EqualTo(1));
            Assert.That(upstream.Executed, Has.Count.EqualTo(1));
            Assert.That(upstream.Executed[0].BodyBytes, Is.EqualTo(Size), "from where the stream stood, not from 0");
        });
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream);
    }

    /// <summary>A refusal that comes before the upload ends is read, and the whole content is sent again.</summary>
    [Test]
    public async Task SendAsync_RefusedBeforeTheUploadEnds_SendsTheCompleteContentAgain()
    {
        var refusal = RawStep.Close(RawStep.Head(429, "Connection: close", "Content-Length: 0")).AfterHead();
        await using var upstream = new RawUpstream(refusal, RawStep.Ok);
        await using var client = new FaultClient(synchronous, upstream.Address);
        using var request = Upload(canSeek: true);
        request.Method = HttpMethod.Post;

        using var response = await client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(upstream.Executed.Select(r => r.BodyHash), Is.EqualTo(new[] { SizeHash }));
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task SendAsync_ForwardOnlyStream_IsSentOnceWithoutBufferAndItsResponseComesBack(bool knownLength)
    {
        await using var upstream = new RawUpstream(RawStep.Respond(503, "busy"), RawStep.Ok);
        await using var client = new FaultClient(synchronous, upstream.Address);
        using var request = Upload(canSeek: false);
        request.Content!.Headers.ContentLength = knownLength ? Size : null;

        using var response = await client.SendAsync(request);

        var body = await client.ReadAsync(response);
        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(body, Is.EqualTo("busy"));
            Assert.That(response.GetAdaptiveRetryInfo().StopReason, Is.EqualTo(RetryStopReason.NotReplayable));
            Assert.That(upstream.Executed, Has.Count.EqualTo(1));
            Assert.That(upstream.Executed[0].BodyHash, Is.EqualTo(SizeHash));
        });
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream);
    }

    [Test]
    public async Task SendAsync_BrokenInTheMiddleOfAForwardOnlyStream_ThrowsTheTransportsException()
    {
        await using var upstream = new RawUpstream(RawStep.Reset().AfterHead(), RawStep.Ok);
        await using var client = new FaultClient(synchronous, upstream.Address);
        using var request = Upload(canSeek: false);

        var thrown = Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request));

        Assert.That(thrown!.InnerException, Is.InstanceOf<IOException>(), "not that the stream is spent");
        Assert.That(upstream.Connections, Is.EqualTo(1));
        await client.AssertNothingLeakedAsync(upstream);
    }

    [Test]
    public async Task SendAsync_SmallForwardOnlyStreamOfKnownLength_IsRepeated()
    {
        const int Small = 60_000;
        await using var upstream = new RawUpstream(RawStep.Respond(503), RawStep.Ok);
        await using var client = new FaultClient(synchronous, upstream.Address);
        var stream = new UploadStream(Small, canSeek: false);
        using var request = new HttpRequestMessage(HttpMethod.Put, "files/1") { Content = new StreamContent(stream) };
        request.Content!.Headers.ContentLength = Small;

        using var response = await client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(upstream.Executed, Has.Count.EqualTo(2));
        Assert.That(upstream.Executed.Select(r => r.BodyHash), Has.All.EqualTo(UploadStream.HashOf(Small)));
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream);
    }

    [TestCase(true, 2)]
    [TestCase(false, 1)]
    public async Task SendAsync_Multipart_IsRepeatedWhenEveryPartCanBe(bool canSeek, int executions)
    {
        await using var upstream = new RawUpstream(RawStep.Respond(503, "busy"), RawStep.Ok);
        await using var client = new FaultClient(synchronous, upstream.Address);
        using var request = new HttpRequestMessage(HttpMethod.Put, "files/1")
        {
            Content = new MultipartFormDataContent
            {
                { new StringContent("a name"), "name" },
                { new StreamContent(new UploadStream(100_000, canSeek)), "file", "file.bin" },
            },
        };

        using var response = await client.SendAsync(request);

        Assert.Multiple(() =>
        {
            Assert.That((int)response.StatusCode, Is.EqualTo(canSeek ? 200 : 503));
            Assert.That(upstream.Executed, Has.Count.EqualTo(executions));
            Assert.That(upstream.Executed.Select(r => r.BodyBytes), Has.All.GreaterThan(100_000));
            Assert.That(upstream.Executed.Select(r => r.BodyHash).Distinct().Count(), Is.EqualTo(1));
        });
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream);
    }

    private static HttpRequestMessage Upload(bool canSeek) =>
        new(HttpMethod.Put, "files/1") { Content = new StreamContent(new UploadStream(Size, canSeek)) };
}
