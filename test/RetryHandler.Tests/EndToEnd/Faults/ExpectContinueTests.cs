using System.Net;

namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>With <c>Expect: 100-continue</c> an upstream can refuse before the content is sent.</summary>
[TestFixture(false)]
[TestFixture(true)]
[CancelAfter(60_000)]
internal sealed class ExpectContinueTests(bool synchronous)
{
    private const int Size = 1_000_000;

    [Test]
    public async Task SendAsync_RefusedBeforeTheContent_RepeatsThePostWithItsContent()
    {
        await using var upstream = new RawUpstream(RawStep.Respond(429).AfterHead(), RawStep.Ok);
        await using var client = Client(upstream);
        using var request = Post(canSeek: true);

        using var response = await client.SendAsync(request);

        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(upstream.Heads, Has.Count.EqualTo(1));
            Assert.That(upstream.Executed.Select(r => r.BodyHash), Is.EqualTo(new[] { UploadStream.HashOf(Size) }));
            Assert.That(upstream.Heads.Concat(upstream.Executed).All(r => r.Has("Expect: 100-continue")));
        });
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream);
    }

    [Test]
    public async Task SendAsync_RefusedBeforeAForwardOnlyContent_ReturnsTheRefusal()
    {
        await using var upstream = new RawUpstream(RawStep.Respond(429, "slow down").AfterHead(), RawStep.Ok);
        await using var client = Client(upstream);
        using var request = Post(canSeek: false);

        using var response = await client.SendAsync(request);

        var body = await client.ReadAsync(response);
        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
            Assert.That(body, Is.EqualTo("slow down"));
            Assert.That(response.GetAdaptiveRetryInfo().StopReason, Is.EqualTo(RetryStopReason.NotReplayable));
            Assert.That(upstream.Executed, Is.Empty);
        });
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream);
    }

    // The transport sends the content anyway when no answer comes in this time; long, so that it never does here.
    private FaultClient Client(RawUpstream upstream) =>
        new(synchronous, upstream.Address, null, t => t.Expect100ContinueTimeout = TimeSpan.FromSeconds(30));

    private static HttpRequestMessage Post(bool canSeek)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "files")
        {
            Content = new StreamContent(new UploadStream(Size, canSeek)),
        };
        request.Headers.ExpectContinue = true;
        return request;
    }
}
