using System.Net;

namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>The transport follows redirects, and in doing so turns one message into another.</summary>
[TestFixture(false)]
[TestFixture(true)]
[CancelAfter(60_000)]
internal sealed class RedirectTests(bool synchronous)
{
    public static IEnumerable<TestCaseData> RefusalsOfTheRedirectedRequest()
    {
        yield return Refusal("429", RawStep.Respond(429));
        yield return Refusal("503 with a delay", RawStep.Respond(503, headerLines: "Retry-After: 0"));
        yield return Refusal("throttle code", RawStep.Respond(400, "{\"__type\":\"ThrottlingException\"}"));
        yield return Refusal("503", RawStep.Respond(503));
        yield return Refusal("reset", RawStep.Reset());

        static TestCaseData Refusal(string name, RawStep step) => new TestCaseData(step).SetArgDisplayNames(name);
    }

    [TestCase("PUT", 303)]
    [TestCase("PUT", 302)]
    [TestCase("PUT", 307)]
    [TestCase("DELETE", 303)]
    public async Task SendAsync_RedirectedRequestFails_RepeatsTheOriginalRequest(string method, int redirect)
    {
        await using var upstream = new RawUpstream(
            Redirect(redirect), RawStep.Respond(503), Redirect(redirect), RawStep.Ok);
        await using var client = new FaultClient(synchronous, upstream.Address);
        using var request = FaultClient.Request(new HttpMethod(method), "order");

        using var response = await client.SendAsync(request);

        var seen = upstream.Executed.Select(r => $"{r.Method} {r.Target} {r.Body}").ToList();
        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(seen, Has.Count.EqualTo(4));
            Assert.That(seen[0], Is.EqualTo($"{method} /orders/1 order"));
            Assert.That(seen[1], Does.Contain(" /elsewhere "));
            Assert.That(seen.Skip(2), Is.EqualTo(seen.Take(2)), "the same again");
        });
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream);
    }

    [TestCase(301)]
    [TestCase(302)]
    [TestCase(303)]
    public async Task SendAsync_RepeatablePostBecameGetAndFails_RepeatsThePost(int redirect)
    {
        await using var upstream = new RawUpstream(
            Redirect(redirect), RawStep.Respond(503), Redirect(redirect), RawStep.Ok);
        await using var client = new FaultClient(synchronous, upstream.Address);
        using var request = FaultClient.Post().MarkRepeatable();
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer secret");

        using var response = await client.SendAsync(request);

        var seen = upstream.Executed.Select(r => $"{r.Method} {r.Target} {r.Body}");
        var roundTrip = new[] { "POST /orders/1 order", "GET /elsewhere " };
        Assert.Multiple(() =>
        {
            Assert.That(seen, Is.EqualTo(roundTrip.Concat(roundTrip)));
            Assert.That(upstream.Executed[2].Has("Authorization: Bearer secret"));
            Assert.That(upstream.Executed[2].Has("Content-Type: text/plain; charset=utf-8"));
        });
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream);
    }

    /// <summary>
    /// The order was taken: the redirect to it says so. That the page about it was refused is no evidence about the
    /// order.
    /// </summary>
    [TestCaseSource(nameof(RefusalsOfTheRedirectedRequest))]
    public async Task SendAsync_PostWasTakenAndItsPageIsRefused_ThePostIsNotRepeated(RawStep refusal)
    {
        await using var upstream = new RawUpstream(Redirect(303), refusal, Redirect(303), RawStep.Ok);
        await using var client = new FaultClient(synchronous, upstream.Address);
        using var request = FaultClient.Post();

        await IgnoreOutcomeAsync(client.SendAsync(request));

        Assert.That(upstream.Executed.Count(r => r.Method == "POST"), Is.EqualTo(1));
        await client.AssertNothingLeakedAsync(upstream);
    }

    /// <summary>
    /// The transport turns a POST into a GET after 302, but sends a PATCH on as it is: whether the first upstream took
    /// it or only pointed elsewhere, nobody can tell.
    /// </summary>
    [TestCase(301)]
    [TestCase(302)]
    public async Task SendAsync_PatchWasPerhapsTakenAndIsRefusedElsewhere_IsNotRepeated(int redirect)
    {
        await using var upstream = new RawUpstream(
            Redirect(redirect), RawStep.Respond(429), Redirect(redirect), RawStep.Ok);
        await using var client = new FaultClient(synchronous, upstream.Address);
        using var request = FaultClient.Request(HttpMethod.Patch, "change");

        await IgnoreOutcomeAsync(client.SendAsync(request));

        Assert.That(upstream.Executed.Count(r => r.Target == "/orders/1"), Is.EqualTo(1));
        await client.AssertNothingLeakedAsync(upstream);
    }

    [Test]
    public async Task SendAsync_PostWasTakenAndItsPageIsUnreachable_ThePostIsNotRepeated()
    {
        using var nobody = new ClosedPort();
        await using var upstream = new RawUpstream(
            RawStep.Respond(303, headerLines: $"Location: {nobody.Address}elsewhere"));
        await using var client = new FaultClient(synchronous, upstream.Address);
        using var request = FaultClient.Post();

        await IgnoreOutcomeAsync(client.SendAsync(request));

        Assert.That(upstream.Executed, Has.Count.EqualTo(1));
        await client.AssertNothingLeakedAsync(upstream);
    }

    /// <summary>307 and 308 refuse the request at the first place, so that only the second place decides.</summary>
    [TestCase(307)]
    [TestCase(308)]
    public async Task SendAsync_PostIsSentOnAndThrottledThere_IsRepeated(int redirect)
    {
        await using var upstream = new RawUpstream(
            Redirect(redirect), RawStep.Respond(429), Redirect(redirect), RawStep.Ok);
        await using var client = new FaultClient(synchronous, upstream.Address);
        using var request = FaultClient.Post();

        using var response = await client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(
            upstream.Executed.Select(r => r.Target),
            Is.EqualTo(new[] { "/orders/1", "/elsewhere", "/orders/1", "/elsewhere" }));
        Assert.That(upstream.Executed.Select(r => r.Method + r.Body), Has.All.EqualTo("POSTorder"));
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream);
    }

    private static RawStep Redirect(int status) => RawStep.Respond(status, headerLines: "Location: /elsewhere");

    private static async Task IgnoreOutcomeAsync(Task<HttpResponseMessage> call)
    {
        try
        {
            (await call).Dispose();
        }
        catch (HttpRequestException)
        {
            // What the caller gets is not the question here.
        }
    }
}
