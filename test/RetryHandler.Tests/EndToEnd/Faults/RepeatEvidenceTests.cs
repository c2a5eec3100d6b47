using System.Net;
using Microsoft.AspNetCore.Http;

namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>Answers that look like refusals, after which the request may nevertheless have been processed.</summary>
[TestFixture]
[CancelAfter(60_000)]
internal sealed class RepeatEvidenceTests
{
    /// <summary>RESOURCE_EXHAUSTED is also said of a reply that grew too large when the work was done.</summary>
    [TestCase("Sending message exceeds the maximum configured message size.")]
    [TestCase("grpc: trying to send message larger than max (5242880 vs. 4194304)")]
    public async Task SendAsync_GrpcReplyIsTooLarge_IsExecutedOnce(string message)
    {
        await using var upstream = await KestrelHttp2.StartAsync((context, _) =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = "8";
            context.Response.Headers["grpc-message"] = message;
            return Task.CompletedTask;
        });
        await using var client = new FaultClient(synchronous: false, upstream.Address);
        using var request = FaultClient.Post();
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;

        using var response = await client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(upstream.Requests, Is.EqualTo(1));
    }

    /// <summary>
    /// One mutation of the query was throttled, the other done. That there is data stands behind what is looked at.
    /// </summary>
    [TestCase(100)]
    [TestCase(5000)]
    public async Task SendAsync_GraphQlAnswerHoldsErrorsAndData_IsExecutedOnce(int messageLength)
    {
        var message = new string('x', messageLength);
        var body = $$$"""{"errors":[{"extensions":{"code":"THROTTLED"},"message":"{{{message}}}"}],"data":{"id":1}}""";
        await using var upstream = await LoopbackUpstream.StartAsync(context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(body);
        });
        await using var client = new FaultClient(
            synchronous: false, upstream.Address, o => o.Classification.InspectSuccessBodies = true);
        using var request = FaultClient.Post();

        using var response = await client.SendAsync(request);

        Assert.That(await client.ReadAsync(response), Is.EqualTo(body));
        Assert.That(upstream.Requests, Is.EqualTo(1));
    }

    /// <summary>An empty key identifies nothing: the upstream can't tell the second order from the first.</summary>
    [TestCase("")]
    [TestCase(" ")]
    public async Task SendAsync_PostWithAnEmptyIdempotencyKey_IsExecutedOnce(string key)
    {
        await using var upstream = new RawUpstream(RawStep.Respond(500), RawStep.Ok);
        await using var client = new FaultClient(synchronous: false, upstream.Address);
        using var request = FaultClient.Post();
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);

        using var response = await client.SendAsync(request);

        Assert.That(upstream.Executed, Has.Count.EqualTo(1));
    }

    /// <summary>A timeout of a handler inside says nothing about when it struck, whatever it looks like.</summary>
    [Test]
    public async Task SendAsync_HandlerInsideTimesOutAfterSending_ThePostIsExecutedOnce()
    {
        await using var upstream = new RawUpstream(RawStep.Ok);
        await using var client = new FaultClient(
            synchronous: false, upstream.Address, innerHandler: () => new TimeoutAfterSending());
        using var request = FaultClient.Post();

        Assert.ThrowsAsync<TaskCanceledException>(() => client.SendAsync(request));

        Assert.That(upstream.Executed, Has.Count.EqualTo(1));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task SendAsync_RetriesRuledOutAndWithoutContent_TransportDoesNotRepeatThePostEither(bool disabled)
    {
        await using var upstream = new RawUpstream(RawStep.Close());
        await using var client = new FaultClient(
            synchronous: false, upstream.Address, options => options.MaxAttempts = disabled ? null : 1);
        using var request = new HttpRequestMessage(HttpMethod.Post, "orders/1/confirm");
        if (disabled)
        {
            request.DisableAdaptiveRetry();
        }

        Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request));

        Assert.That(upstream.Executed, Has.Count.EqualTo(1));
        await client.AssertNothingLeakedAsync(upstream);
    }

    private sealed class TimeoutAfterSending : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            (await base.SendAsync(request, cancellationToken)).Dispose();
            throw new TaskCanceledException("too late", new TimeoutException("too late"));
        }
    }
}
