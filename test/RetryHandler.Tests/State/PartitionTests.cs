using Polly;
using RetryHandler.Retry;
using RetryHandler.State;
using static RetryHandler.Tests.State.PartitionedClient;

namespace RetryHandler.Tests.State;

/// <summary>What the partitions of a client share and what they don't.</summary>
[TestFixture]
[CancelAfter(60_000)]
internal sealed class PartitionTests
{
    private readonly ManualTimeProvider _time = new();

    [Test]
    public async Task SendAsync_OnePartitionThrottled_TheOthersAreNotSlowed()
    {
        using var client = Client(static key => key == "slow" ? 429 : 200);

        Assert.That(await client.SendAsync("slow"), Is.EqualTo(429));
        var slowedUntil = _time.Elapsed;
        for (var i = 0; i < 200; i++)
        {
            Assert.That(await client.SendAsync("fast"), Is.EqualTo(200));
            Assert.That(await client.SendAsync(key: null), Is.EqualTo(200));
        }

        Assert.That(_time.Elapsed, Is.EqualTo(slowedUntil), "nobody waited");
        Assert.That(client.Of("slow").Limiter.IsLimiting);
        Assert.That(client.Of("fast").Limiter.IsLimiting, Is.False);
        Assert.That(client.State.Limiter.IsLimiting, Is.False);
    }

    [Test]
    public async Task SendAsync_SameKey_SharesTheSendRate()
    {
        var answers = new Queue<int>([429, 200]);
        using var client = Client(_ => answers.TryDequeue(out var status) ? status : 200);
        await client.SendAsync("tenant");
        var start = _time.Elapsed;

        await _time.RunAsync(Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.Start(Request("tenant")))));

        Assert.That(_time.Elapsed, Is.GreaterThan(start), "they queued");
        Assert.That(client.Keys, Is.EqualTo(["tenant"]));
    }

    [Test]
    public async Task SendAsync_OnePartitionFails_TheOthersKeepTheirQuota()
    {
        using var client = Client(static key => key == "broken" ? 503 : 200);

        await client.SendAsync("broken");
        await client.SendAsync("healthy");

        Assert.That(client.Of("broken").TakeQuota().Available, Is.EqualTo(500 - (2 * 14)));
        Assert.That(client.Of("healthy").TakeQuota().Available, Is.EqualTo(500));
        Assert.That(client.State.Quota.Available, Is.EqualTo(500));
    }

    [TestCase("http://a.test/x", "http://a.test/y?z", true)]
    [TestCase("http://a.test/", "http://A.TEST:80/", true)]
    [TestCase("http://a.test/", "http://user:secret@a.test/", true)]
    [TestCase("http://a.test/", "https://a.test/", false)]
    [TestCase("http://a.test/", "http://a.test:8080/", false)]
    [TestCase("http://a.test/", "http://b.test/", false)]
    public async Task SendAsync_ByAuthority_OneForSchemeHostAndPort(string one, string other, bool isShared)
    {
        using var client = Client(static _ => 200, static partition =>
        {
            partition.KeySelector = null;
            partition.Kind = PartitionKind.Authority;
        });

        await client.SendAsync(Request(null, one));
        await client.SendAsync(Request(null, other));

        Assert.That(client.Keys.Count(), Is.EqualTo(isShared ? 1 : 2));
        Assert.That(client.Keys, Has.Member("http://a.test").And.None.Contains("secret"));
        Assert.That(client.Partitions.Count(), Is.EqualTo(isShared ? 1 : 2), "the default partition was not used");
    }

    [TestCase(PartitionKind.None, false)]
    [TestCase(PartitionKind.Authority, false)]
    [TestCase(PartitionKind.Authority, true)]
    public async Task SetAdaptiveRetryPartition_AnyClient_BeatsTheSettings(PartitionKind kind, bool hasSelector)
    {
        using var client = Client(static _ => 200, partition =>
        {
            partition.KeySelector = hasSelector ? static _ => throw new InvalidOperationException("asked") : null;
            partition.Kind = kind;
        });

        await client.SendAsync(Request(null).SetAdaptiveRetryPartition("first").SetAdaptiveRetryPartition("mine"));

        Assert.That(client.Keys, Is.EqualTo(["mine"]));
    }

    [Test]
    public async Task SendAsync_Keys_AreComparedOrdinally()
    {
        using var client = Client(static _ => 200);

        foreach (var key in new[] { "key", "Key", "\u00e9", "e\u0301" })
        {
            await client.SendAsync(Request(null).SetAdaptiveRetryPartition(key));
        }

        Assert.That(client.Keys.Count(), Is.EqualTo(4));
    }

    [Test]
    public async Task SendAsync_NullKey_IsTheDefaultPartition()
    {
        using var client = Client(static _ => 503);

        await client.SendAsync(key: null);

        Assert.That(client.Keys, Is.Empty);
        Assert.That(client.State.Quota.Available, Is.EqualTo(500 - (2 * 14)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task SendAsync_SelectorThrows_IsTheCallersAndLeavesNothing(bool isSynchronous)
    {
        var thrown = new InvalidOperationException("no tenant");
        var sent = 0;
        using var client = Client(
            _ => ++sent > 0 ? 200 : 0, partition => partition.KeySelector = request => throw thrown);

        var caught = isSynchronous
            ? Assert.Catch(() => client.Send("tenant"))
            : await client.Start(Request("tenant")).ContinueWith(
                static call => call.Exception!.InnerException, TaskScheduler.Default);

        Assert.That(caught, Is.SameAs(thrown));
        Assert.That(sent, Is.Zero);
        Assert.That(client.Keys, Is.Empty);
    }

    [Test]
    public void Send_Synchronous_UsesItsPartition()
    {
        using var client = Client(static _ => 200);

        client.Send("tenant").Dispose();

        Assert.That(client.Keys, Is.EqualTo(["tenant"]));
    }

    [Test]
    public async Task ExecuteAsync_PollyPipeline_UsesThePartitionOfItsRequest()
    {
        var asked = new List<HttpRequestMessage>();
        var options = new AdaptiveRetryOptions();
        options.Partition.KeySelector = request =>
        {
            asked.Add(request);
            return "key";
        };
        var pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = _time }
            .AddAdaptiveRetry(options).Build();
        using var request = Request(null);
        var context = ResilienceContextPool.Shared.Get();
        context.Properties.Set(new ResiliencePropertyKey<HttpRequestMessage>("Resilience.Http.RequestMessage"), request);

        using var response = await pipeline.ExecuteAsync(
            static _ => ValueTask.FromResult(new HttpResponseMessage()), context);

        Assert.That(asked, Is.EqualTo([request]));
    }

    [Test]
    public async Task Totals_OfPartitions_AddUpToTheClients()
    {
        using var client = Client(static key => key == "broken" ? 503 : 200);

        foreach (var key in new[] { null, "a", "broken", "a", null, "b" })
        {
            await client.SendAsync(key);
        }

        Assert.That(client.Of("a").Counters.Read().Succeeded, Is.EqualTo(2));
        Assert.That(client.Of("broken").Counters.Read().Failed, Is.EqualTo(1));
        Assert.That(client.Of(null).Counters.Read().Succeeded, Is.EqualTo(2));
        Assert.That(client.State.Telemetry.Counters.Read().Calls, Is.EqualTo(6));
    }

    [Test]
    public async Task Apply_OtherSettings_ReachAllPartitionsAndKeepWhatTheyLearned()
    {
        var answers = new Queue<int>([503, 503, 503, 429]);
        using var client = Client(_ => answers.TryDequeue(out var status) ? status : 200);
        await client.SendAsync("tenant");
        await client.SendAsync("tenant");
        var limiter = client.Of("tenant").Limiter;
        var rate = limiter.State.FillRate;

        client.Options.Quota.Capacity = 200;
        client.Options.MaxAttempts = 1;
        client.State.Apply(client.Options);
        answers.Enqueue(503);

        Assert.That(await client.SendAsync("tenant"), Is.EqualTo(503), "MaxAttempts is in force");
        Assert.That(client.Of("tenant").Limiter, Is.SameAs(limiter));
        Assert.That((limiter.IsLimiting, limiter.State.FillRate), Is.EqualTo((true, rate)));
        Assert.That(client.Of("tenant").TakeQuota(), Is.EqualTo(new QuotaSnapshot(200 - (2 * 14), 200)));
        await client.SendAsync("new");
        Assert.That(client.Of("new").TakeQuota().Capacity, Is.EqualTo(200));
    }

    [Test]
    public async Task Apply_PartitionsTurnedOnAndOff_AreUsedFromThenOn()
    {
        using var client = Client(static _ => 200, static partition => partition.KeySelector = null);
        await client.SendAsync("a");
        Assert.That(client.Keys, Is.Empty);

        client.Options.Partition.Kind = PartitionKind.Authority;
        client.State.Apply(client.Options);
        await client.SendAsync("a");
        Assert.That(client.Keys, Is.EqualTo(["http://upstream.test"]));

        client.Options.Partition.Kind = PartitionKind.None;
        client.State.Apply(client.Options);
        await client.SendAsync("a");
        Assert.That(client.Of("http://upstream.test").Counters.Read().Calls, Is.EqualTo(1));
    }

    /// <summary>A client that is not partitioned pays nothing, also where other clients are.</summary>
    [Test]
    public void RunAsync_NoPartitions_AllocatesWhatTheLoopDoes()
    {
        using var marked = Request(null).SetAdaptiveRetryPartition("other");
        var state = new ClientState("cost", new AdaptiveRetryOptions(), _time);
        using var request = Request(null);
        var sender = new AtOnce(new HttpResponseMessage());

        var loop = Bytes(() => state.Loop.RunAsync(sender, request, default));
        var client = Bytes(() => state.RunAsync(sender, request, default));

        Assert.That(client, Is.EqualTo(loop));
    }

    private static long Bytes(Func<ValueTask<HttpResponseMessage>> call)
    {
        var least = long.MaxValue;
        var completed = true;
        for (var round = 0; round < 50; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                completed &= call().AsTask().IsCompletedSuccessfully;
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.That(completed);
        return least;
    }

    private PartitionedClient Client(Func<string, int> answer, Action<PartitionOptions>? configure = null) =>
        new(_time, key => Task.FromResult(answer(key)), configure);

    private readonly struct AtOnce(HttpResponseMessage response) : IAttemptSender
    {
        public bool IsSynchronous => true;

        public bool ContinueOnCapturedContext => false;

        public ValueTask<HttpResponseMessage> SendAsync(
            HttpRequestMessage? request, CancellationToken cancellationToken) => new(response);
    }
}
