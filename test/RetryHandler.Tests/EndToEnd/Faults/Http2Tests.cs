using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>What HTTP/2 says about requests that were not processed, and what it does not say.</summary>
/// <remarks>By the asynchronous door only: the transport's synchronous door speaks HTTP/1.1.</remarks>
[TestFixture]
[CancelAfter(60_000)]
internal sealed class Http2Tests
{
    /// <summary>How often SocketsHttpHandler itself sends a request that surely was not processed.</summary>
    private const int TransportTries = 4;

    [TestCase(Http2Answer.RefuseStream, "PUT")]
    [TestCase(Http2Answer.RefuseStream, "POST")]
    [TestCase(Http2Answer.GoAwayUnprocessed, "PUT")]
    [TestCase(Http2Answer.GoAwayUnprocessed, "POST")]
    public async Task SendAsync_SurelyNotProcessed_TransportRepeatsByItself(Http2Answer answer, string method)
    {
        await using var upstream = new Http2Upstream(answer, Http2Answer.Ok);
        await using var client = new FaultClient(synchronous: false, upstream.Address);
        using var request = Request(method);

        using var response = await client.SendAsync(request);

        Assert.Multiple(() =>
        {
            Assert.That(response.GetAdaptiveRetryInfo().Attempts, Is.EqualTo(1));
            Assert.That(upstream.Requests, Is.EqualTo(2));
            Assert.That(upstream.Executions, Is.EqualTo(1));
        });
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream);
    }

    [TestCase("PUT")]
    [TestCase("POST")]
    public async Task SendAsync_StreamRefusedMoreOftenThanTheTransportTries_IsRepeated(string method)
    {
        var refusals = Enumerable.Repeat(Http2Answer.RefuseStream, TransportTries);
        await using var upstream = new Http2Upstream([.. refusals, Http2Answer.Ok]);
        await using var client = new FaultClient(synchronous: false, upstream.Address);
        using var request = Request(method);

        using var response = await client.SendAsync(request);

        Assert.Multiple(() =>
        {
            Assert.That(response.GetAdaptiveRetryInfo().Attempts, Is.EqualTo(2));
            Assert.That(upstream.Executions, Is.EqualTo(1));
        });
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream);
    }

    [TestCase(Http2Answer.ResetStream)]
    [TestCase(Http2Answer.GoAwayProcessed)]
    [TestCase(Http2Answer.Close)]
    [TestCase(Http2Answer.Unavailable)]
    public async Task SendAsync_PerhapsProcessed_RepeatsThePut(Http2Answer answer)
    {
        await using var upstream = new Http2Upstream(answer, Http2Answer.Ok);
        await using var client = new FaultClient(synchronous: false, upstream.Address);
        using var request = Request("PUT");

        using var response = await client.SendAsync(request);

        Assert.That(response.GetAdaptiveRetryInfo().Attempts, Is.EqualTo(2));
        Assert.That(upstream.Executions, Is.EqualTo(2));
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream);
    }

    [TestCase(Http2Answer.ResetStream)]
    [TestCase(Http2Answer.GoAwayProcessed)]
    [TestCase(Http2Answer.Close)]
    public async Task SendAsync_PerhapsProcessed_ThrowsOnThePost(Http2Answer answer)
    {
        await using var upstream = new Http2Upstream(answer, Http2Answer.Ok);
        await using var client = new FaultClient(synchronous: false, upstream.Address);
        using var request = Request("POST");

        Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request));

        Assert.That(upstream.Executions, Is.EqualTo(1));
        await client.AssertNothingLeakedAsync(upstream);
    }

    [TestCase("PUT", 2)]
    [TestCase("POST", 1)]
    public async Task SendAsync_KestrelAbortsTheStream_RepeatsWhatIsSafe(string method, int executions)
    {
        await using var upstream = await KestrelHttp2.StartAsync(async (context, number) =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            if (number == 1)
            {
                context.Abort();
            }
        });
        await using var client = new FaultClient(synchronous: false, upstream.Address);
        using var request = Request(method);

        var call = client.SendAsync(request);
        await Task.WhenAny(call);

        Assert.That(call.IsCompletedSuccessfully, Is.EqualTo(executions == 2));
        Assert.That(upstream.Requests, Is.EqualTo(executions));
    }

    /// <summary>Over HTTP/2 the answer may come while the content is still being sent.</summary>
    [Test]
    public async Task SendAsync_RefusedInTheMiddleOfTheUpload_SendsTheCompleteContentAgain()
    {
        const int Size = 10 * 1024 * 1024;
        var hash = string.Empty;
        await using var upstream = await KestrelHttp2.StartAsync(async (context, number) =>
        {
            if (number == 1)
            {
                await context.Request.Body.ReadExactlyAsync(new byte[1000]);
                context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                return;
            }

            hash = Convert.ToHexString(await SHA256.HashDataAsync(context.Request.Body));
        });
        await using var client = new FaultClient(synchronous: false, upstream.Address);
        using var request = Request("POST");
        request.Content = new StreamContent(new UploadStream(Size, canSeek: true));

        using var response = await client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(upstream.Requests, Is.EqualTo(2));
        Assert.That(hash, Is.EqualTo(UploadStream.HashOf(Size)));
    }

    private static HttpRequestMessage Request(string method)
    {
        var request = FaultClient.Request(new HttpMethod(method), "order");
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        return request;
    }
}
