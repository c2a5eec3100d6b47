using System.Net;

namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>The upstream goes silent, at every point where it can.</summary>
[TestFixture(false)]
[TestFixture(true)]
[CancelAfter(60_000)]
internal sealed class StallTests(bool synchronous)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    public static IEnumerable<TestCaseData> Stalls()
    {
        yield return Stall("on accept", RawStep.Stall().BeforeRequest());
        yield return Stall("after the request head", RawStep.Stall().AfterHead());
        yield return Stall("before the status line", RawStep.Stall());
        yield return Stall("in the status line", RawStep.Stall("HTTP/1.1 2"));
        yield return Stall("in the headers", RawStep.Stall("HTTP/1.1 200 OK\r\nContent-Le"));
        yield return Stall("after 100 Continue", RawStep.Stall("HTTP/1.1 100 Continue\r\n\r\n"));

        static TestCaseData Stall(string name, RawStep step) => new TestCaseData(step).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Stalls))]
    public async Task SendAsync_PutStallsOnce_TimesOutAndIsRepeated(RawStep stall)
    {
        await using var upstream = new RawUpstream(stall, RawStep.Ok);
        await using var client = new FaultClient(synchronous, upstream.Address, o => o.AttemptTimeout = Limit);
        using var request = FaultClient.Put();

        using var response = await client.SendAsync(request);

        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(response.GetAdaptiveRetryInfo().Attempts, Is.EqualTo(2));
            Assert.That(upstream.Executed, Has.Count.EqualTo(stall.Reading == RawReading.All ? 2 : 1));
            Assert.That(upstream.Executed.Select(r => r.Body), Has.All.EqualTo("order"));
        });
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream);
    }

    [TestCaseSource(nameof(Stalls))]
    public async Task SendAsync_PostStalls_FailsLikeATimeoutAndIsNotRepeated(RawStep stall)
    {
        await using var upstream = new RawUpstream(stall, RawStep.Ok);
        await using var client = new FaultClient(synchronous, upstream.Address, o => o.AttemptTimeout = Limit);
        using var request = FaultClient.Post();

        var thrown = Assert.ThrowsAsync<TaskCanceledException>(() => client.SendAsync(request));

        Assert.Multiple(() =>
        {
            Assert.That(thrown!.InnerException, Is.InstanceOf<TimeoutException>());
            Assert.That(upstream.Connections, Is.EqualTo(1));
            Assert.That(upstream.Executed, Has.Count.EqualTo(stall.Reading == RawReading.All ? 1 : 0));
        });
        await client.AssertNothingLeakedAsync(upstream);
    }

    [TestCaseSource(nameof(Stalls))]
    public async Task SendAsync_StallsUntilTheCallerLeaves_ThrowsWithTheCallersToken(RawStep stall)
    {
        using var caller = new CancellationTokenSource();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = new RawUpstream(stall with
        {
            RunAsync = connection =>
            {
                arrived.TrySetResult();
                return stall.RunAsync(connection);
            },
        });
        await using var client = new FaultClient(synchronous, upstream.Address, o => o.AttemptTimeout = Limit * 100);
        using var request = FaultClient.Put();

        var call = client.SendAsync(request, caller.Token);
        await arrived.Task;
        await caller.CancelAsync();

        var thrown = Assert.CatchAsync<OperationCanceledException>(() => call);
        Assert.That(thrown!.CancellationToken, Is.EqualTo(caller.Token));
        Assert.That(upstream.Connections, Is.EqualTo(1));
        await client.AssertNothingLeakedAsync(upstream);
    }

    [Test]
    public async Task SendAsync_ErrorBodyStalls_IsJudgedByWhatCameInTime()
    {
        var begin = RawStep.Head(400, "Content-Length: 99") + "{\"__type\":\"ThrottlingException\",";
        await using var upstream = new RawUpstream(RawStep.Stall(begin), RawStep.Ok);
        await using var client = new FaultClient(
            synchronous, upstream.Address, o => o.Classification.ErrorBodyTimeout = Limit);
        using var request = FaultClient.Post();

        using var response = await client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(upstream.Executed, Has.Count.EqualTo(2));
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream);
    }

    [Test]
    public async Task SendAsync_LastErrorBodyPauses_CallerReadsItComplete()
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = new RawUpstream(
            RawStep.Pause(RawStep.Head(500, "Content-Length: 9") + "begin", goOn.Task, "-end"), RawStep.Ok);
        await using var client = new FaultClient(
            synchronous, upstream.Address, o => o.Classification.ErrorBodyTimeout = Limit);
        using var request = FaultClient.Post();

        using var response = await client.SendAsync(request);
        goOn.SetResult();

        Assert.That(await client.ReadAsync(response), Is.EqualTo("begin-end"));
        Assert.That(upstream.Executed, Has.Count.EqualTo(1));
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream);
    }

    [Test]
    public async Task SendAsync_CallerLeavesDuringTheErrorBody_IsPrompt()
    {
        using var caller = new CancellationTokenSource();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stall = RawStep.Stall(RawStep.Head(503, "Content-Length: 99") + "begin");
        await using var upstream = new RawUpstream(RawStep.Respond(503), stall with
        {
            RunAsync = connection =>
            {
                arrived.TrySetResult();
                return stall.RunAsync(connection);
            },
        });
        await using var client = new FaultClient(
            synchronous, upstream.Address, o => o.Classification.ErrorBodyTimeout = TimeSpan.FromMinutes(1));
        using var request = FaultClient.Put();

        var call = client.SendAsync(request, caller.Token);
        await arrived.Task;
        await client.WaitForTimerAsync();
        await caller.CancelAsync();

        var thrown = Assert.CatchAsync<OperationCanceledException>(() => call);
        Assert.That(thrown!.CancellationToken, Is.EqualTo(caller.Token));
        Assert.That(upstream.Executed, Has.Count.EqualTo(2));
        await client.AssertNothingLeakedAsync(upstream, quotaSpent: 14); // It was sent.
    }

    [Test]
    public async Task SendAsync_SuccessBodyStalls_IsLeftToTheCaller()
    {
        await using var upstream = new RawUpstream(
            RawStep.Stall(RawStep.Head(200, "Content-Length: 99") + "begin"), RawStep.Ok);
        await using var client = new FaultClient(synchronous, upstream.Address, o => o.AttemptTimeout = Limit);
        using var request = FaultClient.Put();

        using var response = await client.SendAsync(request);

        // The attempt's limit must not reach into the body: streams may last for hours.
        var read = response.Content.ReadAsStringAsync();
        Assert.That(
            async () => await read.WaitAsync(2 * Limit, TimeProvider.System), Throws.InstanceOf<TimeoutException>());
        Assert.That(upstream.Executed, Has.Count.EqualTo(1));
        response.Dispose();
        Assert.That(async () => await read, Throws.Exception);
        await client.AssertNothingLeakedAsync(upstream);
    }
}
