using System.Net;

namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>One connection is enough for a client with retries, and what comes over it is never mixed up.</summary>
[TestFixture(false)]
[TestFixture(true)]
[CancelAfter(60_000)]
internal sealed class ConnectionReuseTests(bool synchronous)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(100);

    [TestCase(0)]
    [TestCase(100)]
    [TestCase(100_000)]
    public async Task SendAsync_ThreeAttempts_UseOneConnection(int errorBytes)
    {
        var busy = RawStep.Respond(503, new string('x', errorBytes));
        await using var upstream = new RawUpstream(busy, busy, RawStep.Ok);
        await using var client = OneConnection(upstream);
        using var request = FaultClient.Put();

        using var response = await client.SendAsync(request);

        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(upstream.Executed, Has.Count.EqualTo(3));
            Assert.That(upstream.Connections, Is.EqualTo(1));
        });
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream, quotaSpent: 14);
    }

    public static IEnumerable<TestCaseData> Ends()
    {
        yield return End("closed", RawStep.Close());
        yield return End("reset", RawStep.Reset());
        yield return End("408 and closed", RawStep.Close(RawStep.Head(408, "Connection: close", "Content-Length: 0")));

        static TestCaseData End(string name, RawStep step) => new TestCaseData(step).SetArgDisplayNames(name);
    }

    /// <summary>
    /// A dead connection of the pool is no fault of the call: a POST must neither fail nor come twice.
    /// </summary>
    [TestCaseSource(nameof(Ends))]
    public async Task SendAsync_KeptConnectionEndedBetweenCalls_NextPostIsExecutedOnce(RawStep end)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var endsIdle = new RawStep(RawReading.Nothing, connection =>
        {
            var running = end.RunAsync(connection);
            ended.SetResult();
            return running;
        });
        await using var upstream = new RawUpstream(RawStep.Ok, endsIdle, RawStep.Ok);
        await using var client = OneConnection(upstream);
        using var first = FaultClient.Post("first");
        using var second = FaultClient.Post("second");

        (await client.SendAsync(first)).Dispose();
        await ended.Task;
        using var response = await client.SendAsync(second);

        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(response.GetAdaptiveRetryInfo().Attempts, Is.EqualTo(1));
            Assert.That(upstream.Executed.Select(r => r.Body), Is.EqualTo(new[] { "first", "second" }));
            Assert.That(upstream.Connections, Is.EqualTo(2));
        });
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream);
    }

    /// <summary>
    /// Its response would otherwise hold the only connection for as long as the upstream asked to wait.
    /// </summary>
    [Test]
    public async Task SendAsync_OtherCallDuringTheBackoff_FindsTheConnectionFree()
    {
        using var caller = new CancellationTokenSource();
        await using var upstream = new RawUpstream(
            RawStep.Respond(503, new string('x', 10_000), "Retry-After: 59"), RawStep.Ok);
        await using var client = OneConnection(upstream);
        using var waitingRequest = FaultClient.Put("waits");
        using var request = FaultClient.Put("passes");

        var waiting = client.SendAsync(waitingRequest, caller.Token);
        await client.WaitForBackoffAsync();
        using var response = await client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(upstream.Connections, Is.EqualTo(1));
        Assert.That(waiting.IsCompleted, Is.False);

        await caller.CancelAsync();
        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream);
    }

    /// <summary>
    /// A body of which a read is still under way must not be drained at the same time: two readers of one connection
    /// take each other's bytes, and what one takes may belong to the next response.
    /// </summary>
    [Test]
    [Repeat(3)]
    public async Task SendAsync_ErrorBodyGoesOnAfterItsResponseWasSuperseded_NextResponseIsComplete()
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = RawStep.Pause(
            RawStep.Head(503, "Content-Length: 200") + new string('a', 100), goOn.Task, new string('b', 100));
        var answers = Enumerable.Range(0, 8)
            .Select(i => RawStep.Respond(200, string.Concat(Enumerable.Repeat($"answer {i} ", 50))));
        await using var upstream = new RawUpstream([first, .. answers]);
        await using var client = OneConnection(upstream, o =>
        {
            o.Classification.ErrorBodyTimeout = Limit;
            o.Transient.Jitter = JitterKind.None;
            o.Transient.BaseDelay = Limit;
        });
        using var request = FaultClient.Put();

        var call = client.SendAsync(request);
        await client.WaitForBackoffAsync();
        goOn.SetResult();
        var bodies = new List<string>();
        using (var response = await call.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System))
        {
            bodies.Add(await client.ReadAsync(response));
        }

        for (var i = 1; i < 8; i++)
        {
            using var next = FaultClient.Put();
            using var response = await client.SendAsync(next).WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
            bodies.Add(await client.ReadAsync(response));
        }

        Assert.That(upstream.Executed, Has.Count.EqualTo(9), "the transport was never in trouble");
        Assert.That(bodies.Select(b => b[..9]), Is.EqualTo(Enumerable.Range(0, 8).Select(i => $"answer {i} ")));
        await client.AssertNothingLeakedAsync(upstream);
    }

    private FaultClient OneConnection(RawUpstream upstream, Action<AdaptiveRetryOptions>? configure = null) =>
        new(synchronous, upstream.Address, configure, transport => transport.MaxConnectionsPerServer = 1);
}
