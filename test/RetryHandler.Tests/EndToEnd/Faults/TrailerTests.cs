namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>Chunked bodies and the headers that follow them.</summary>
[TestFixture(false)]
[TestFixture(true)]
[CancelAfter(60_000)]
internal sealed class TrailerTests(bool synchronous)
{
    [TestCase(200)]
    [TestCase(400)]
    [TestCase(500)]
    public async Task SendAsync_ChunkedBodyWithTrailers_CallerReadsBoth(int status)
    {
        await using var upstream = new RawUpstream(
            RawStep.Respond(429), RawStep.Send(Chunked(status, "a body in ", "two chunks") + "X-Digest: 7\r\n\r\n"));
        await using var client = new FaultClient(synchronous, upstream.Address);
        using var request = FaultClient.Post();

        using var response = await client.SendAsync(request);

        var body = await client.ReadAsync(response);
        Assert.Multiple(() =>
        {
            Assert.That((int)response.StatusCode, Is.EqualTo(status));
            Assert.That(body, Is.EqualTo("a body in two chunks"));
            Assert.That(response.TrailingHeaders.GetValues("X-Digest"), Is.EqualTo(new[] { "7" }));
            Assert.That(upstream.Executed, Has.Count.EqualTo(2));
            Assert.That(upstream.Connections, Is.EqualTo(1));
        });
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream);
    }

    [Test]
    public async Task SendAsync_ErrorChunksNeverEnd_IsRepeatedWithoutReadingThemAll()
    {
        var endless = RawStep.Stall(Chunked(503, new string('x', 100_000)).TrimEnd('0', '\r', '\n') + "\r\n");
        await using var upstream = new RawUpstream(endless, RawStep.Ok);
        await using var client = new FaultClient(synchronous, upstream.Address);
        using var request = FaultClient.Put();

        using var response = await client.SendAsync(request);

        Assert.That(response.IsSuccessStatusCode);
        Assert.That(upstream.Executed, Has.Count.EqualTo(2));
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream);
    }

    private static string Chunked(int status, params string[] chunks) =>
        RawStep.Head(status, "Transfer-Encoding: chunked", "Trailer: X-Digest")
        + string.Concat(chunks.Select(chunk => $"{chunk.Length:x}\r\n{chunk}\r\n"))
        + "0\r\n";
}
