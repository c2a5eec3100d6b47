using System.Text.Json;

namespace RetryHandler.Tests.Telemetry;

/// <summary>What a person sees who asks the monitor.</summary>
[CancelAfter(30_000)]
public sealed class MonitorTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private ObservedClient? _client;

    public void Dispose() => _client?.Dispose();

    [Test]
    public async Task GetSnapshot_HealthyClient_IsDormant()
    {
        var client = Create(ScriptedHandler.Status(200));

        using var response = await client.GetAsync();

        var snapshot = client.Snapshot;
        Assert.That(snapshot.Name, Is.EqualTo("orders"));
        Assert.That(snapshot.SendRate, Is.EqualTo(
            new SendRateSnapshot { State = LimiterState.Dormant, Tokens = snapshot.SendRate.Tokens }));
        Assert.That(snapshot.Quota, Is.EqualTo(new QuotaSnapshot(500, 500)));
        Assert.That(snapshot.Breaker, Is.Null);
        Assert.That(snapshot.PartitionCount, Is.EqualTo(1));
        Assert.That(snapshot.Partitions.Single().Key, Is.Null);
        Assert.That(snapshot.RecentEvents, Is.Empty);
        Assert.That(
            (snapshot.Totals.Calls, snapshot.Totals.Succeeded, snapshot.Totals.Failed), Is.EqualTo((1, 1, 0)));
        Assert.That(snapshot.Totals.Attempts, Is.EqualTo(new AttemptTotals(1, 0, 0, 0, 0, 0)));
        Assert.That(
            (snapshot.Totals.SuccessRate, snapshot.Totals.AverageAttempts, snapshot.Totals.Amplification),
            Is.EqualTo((1d, 1d, 1d)));
    }

    [Test]
    public async Task GetSnapshot_ThrottledClient_TellsSinceWhenByWhatAndToWhatRate()
    {
        var client = Create(ScriptedHandler.Status(200), ScriptedHandler.Status(429), ScriptedHandler.Status(200));
        using var healthy = await client.GetAsync();
        _time.Advance(TimeSpan.FromSeconds(10));
        var throttledAt = _time.GetUtcNow();

        using var response = await client.GetAsync();

        var sendRate = client.Snapshot.SendRate;
        Assert.That(sendRate.State, Is.EqualTo(LimiterState.Limiting));
        Assert.That(sendRate.Kind, Is.EqualTo(LimitKind.Rate));
        Assert.That(sendRate.SlowedSince, Is.EqualTo(throttledAt));
        Assert.That(sendRate.SlowedBy, Is.EqualTo("status-429"));
        Assert.That(sendRate.SendRate, Is.GreaterThan(0));
        Assert.That(sendRate.PausedFor, Is.Null);
    }

    [Test]
    public async Task GetSnapshot_LongPause_IsClosedAndReopens()
    {
        var upstream = new ScriptedHandler(
            _time, ScriptedHandler.Status(429, null, ("Retry-After", "30")), ScriptedHandler.Status(200));
        var client = _client = new ObservedClient(
            _time, upstream, static options => options.ServerDelay.MaxDelay = TimeSpan.FromSeconds(5));

        using var refused = await client.GetAsync();

        Assert.That(client.Snapshot.SendRate.State, Is.EqualTo(LimiterState.Closed));
        Assert.That(client.Snapshot.SendRate.PausedFor, Is.EqualTo(TimeSpan.FromSeconds(30)));
        Assert.ThrowsAsync<SendRateLimitedException>(() => client.GetAsync());

        _time.Advance(TimeSpan.FromSeconds(31));
        using var accepted = await client.GetAsync();

        Assert.That(client.Snapshot.SendRate.State, Is.EqualTo(LimiterState.Limiting));
        Assert.That(client.Snapshot.RecentEvents.Select(static e => e.Kind), Is.EqualTo(new[]
        {
            RetryEventKind.Closed, RetryEventKind.GaveUp, RetryEventKind.NotSent, RetryEventKind.Reopened,
        }));
    }

    /// <summary>In a pause that calls wait out none fails: it is no reason for an alarm.</summary>
    [TestCase(null, null, LimiterState.Limiting)]
    [TestCase(10, null, LimiterState.Closed, Description = "longer than MaxWait")]
    [TestCase(null, 10, LimiterState.Closed, Description = "longer than TotalTimeout")]
    public async Task GetSnapshot_Pause_IsClosedOnlyWhereCallsFailAtOnce(
        int? maxWait, int? totalTimeout, LimiterState expected)
    {
        var refusal = ScriptedHandler.Status(429, null, ("Retry-After", "30"));
        var upstream = new ScriptedHandler(_time, refusal, refusal, refusal, ScriptedHandler.Status(200));
        var client = _client = new ObservedClient(_time, upstream, options =>
        {
            options.SendRate.MaxWait = maxWait is { } wait ? TimeSpan.FromSeconds(wait) : null;
            options.TotalTimeout = totalTimeout is { } limit ? TimeSpan.FromSeconds(limit) : null;
            options.MaxAttempts = 1;
        });
        for (var i = 0; i < 3; i++)
        {
            using var refused = await client.GetAsync();
        }

        var sendRate = client.Snapshot.SendRate;

        Assert.That(sendRate.State, Is.EqualTo(expected));

        // Some of it has passed: the last call waited for its token before it was refused.
        Assert.That(sendRate.PausedFor, Is.InRange(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30)));
        Assert.That(client.Metrics.Gauge("adaptive_retry.limiter.state")[$"state={expected}"], Is.EqualTo(1));
        Assert.That(
            client.Snapshot.RecentEvents.Count(static e => e.Kind == RetryEventKind.Closed),
            Is.EqualTo(expected == LimiterState.Closed ? 1 : 0));
        if (expected == LimiterState.Closed)
        {
            Assert.ThrowsAsync<SendRateLimitedException>(() => client.GetAsync());
            return;
        }

        using var waited = await client.GetAsync();
        Assert.That(waited.IsSuccessStatusCode);
        Assert.That(client.Snapshot.SendRate.PausedFor, Is.Null);
    }

    [Test]
    public async Task GetSnapshot_LongAfterTheLastThrottle_IsDormantAgain()
    {
        var client = Create(ScriptedHandler.Status(429), ScriptedHandler.Status(200));
        using var slowed = await client.GetAsync();
        _time.Advance(TimeSpan.FromMinutes(3));

        using var response = await client.GetAsync();

        Assert.That(client.Snapshot.SendRate.State, Is.EqualTo(LimiterState.Dormant));
        Assert.That(client.Snapshot.SendRate.SlowedSince, Is.Null);
        Assert.That(client.Snapshot.SendRate.SlowedBy, Is.Null);
        Assert.That(client.Snapshot.RecentEvents[^1].Kind, Is.EqualTo(RetryEventKind.Restored));
    }

    [Test]
    public async Task GetSnapshot_QuotaSpent_TellsWhatIsLeft()
    {
        var client = Create(ScriptedHandler.Status(503));

        using var response = await client.GetAsync();

        Assert.That(client.Snapshot.Quota, Is.EqualTo(new QuotaSnapshot(500 - (2 * 14), 500)));
        Assert.That(client.Snapshot.Totals.TransientRetries, Is.EqualTo(2));
        Assert.That(client.Snapshot.Totals.AverageAttempts, Is.EqualTo(3));
        Assert.That(client.Snapshot.Totals.Stops, Is.EqualTo(
            new Dictionary<RetryStopReason, long> { [RetryStopReason.AttemptsExhausted] = 1 }));
    }

    /// <summary>A retry that was only planned has cost the upstream nothing.</summary>
    [Test]
    public async Task GetSnapshot_CallerLeavesInTheBackoff_CountsNoRetry()
    {
        var client = Create(ScriptedHandler.Status(503, null, ("Retry-After", "7")));
        using var caller = new CancellationTokenSource(TimeSpan.FromSeconds(3), _time);

        await Assert.ThatAsync(() => client.GetAsync(caller.Token), Throws.InstanceOf<OperationCanceledException>());

        var totals = client.Snapshot.Totals;
        Assert.That(totals.TransientRetries + totals.ThrottledRetries, Is.Zero);
        Assert.That(totals.AverageAttempts, Is.EqualTo(1));
        Assert.That(client.Metrics.Total("adaptive_retry.retries"), Is.Zero);
        Assert.That(client.Snapshot.RecentEvents.Select(static e => e.Kind), Has.Member(RetryEventKind.Retrying));
    }

    /// <summary>What an open circuit let through only later is no retry: the upstream saw one attempt.</summary>
    [Test]
    public async Task GetSnapshot_CallWaitsForTheEndOfABreak_CountsNoRetry()
    {
        var upstream = new ScriptedHandler(
            _time, ScriptedHandler.Status(503), ScriptedHandler.Status(503), ScriptedHandler.Status(200));
        var client = _client = new ObservedClient(_time, upstream, static o =>
        {
            (o.CircuitBreaker.Enabled, o.CircuitBreaker.MinimumThroughput) = (true, 2);
            (o.Transient.MaxAttempts, o.TotalTimeout) = (2, TimeSpan.FromSeconds(60));
        });
        using var failed = await client.GetAsync();
        var before = client.Snapshot.Totals;

        using var succeeded = await client.GetAsync();

        var after = client.Snapshot.Totals;
        Assert.That((before.Attempts.Total, before.TransientRetries), Is.EqualTo((2, 1)));
        Assert.That((after.Attempts.Total, after.TransientRetries), Is.EqualTo((3, 1)));
        Assert.That(after.Succeeded, Is.EqualTo(1));
    }

    [Test]
    public async Task RecentEvents_MoreThanFit_KeepsTheLast64InOrder()
    {
        var client = Create(ScriptedHandler.Status(503));

        for (var i = 0; i < 40; i++)
        {
            using var response = await client.GetAsync();
        }

        var numbers = client.Snapshot.RecentEvents.Select(static e => e.Number).ToList();
        Assert.That(numbers, Has.Count.EqualTo(64));
        Assert.That(numbers, Is.EqualTo(Enumerable.Range((int)numbers[0], 64)));
        Assert.That(numbers[0], Is.GreaterThan(1));
    }

    [Test]
    public async Task RecentEvents_Retry_TellsWhatHappened()
    {
        var client = Create(ScriptedHandler.Status(503, null, ("Retry-After", "7")), ScriptedHandler.Status(200));
        var failedAt = _time.GetUtcNow();

        using var response = await client.SendAsync(HttpMethod.Post);

        var happened = client.Snapshot.RecentEvents.Single(static e => e.Kind == RetryEventKind.Retrying);
        Assert.That(happened with { Delay = null }, Is.EqualTo(new RetryEvent
        {
            Number = happened.Number,
            At = failedAt,
            Kind = RetryEventKind.Retrying,
            Method = "POST",
            Attempt = 1,
            Failure = FailureKind.Transient,
            Rule = "status-503",
            Status = 503,
        }));
        Assert.That(happened.Delay, Is.InRange(TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(8)));
    }

    [Test]
    public async Task ToJson_Snapshot_IsReadable()
    {
        var client = Create(ScriptedHandler.Status(429), ScriptedHandler.Status(404));

        using var response = await client.GetAsync();

        using var json = JsonDocument.Parse(client.Monitor.GetSnapshot().ToJson());
        var orders = json.RootElement.GetProperty("clients")[0];
        Assert.That(orders.GetProperty("name").GetString(), Is.EqualTo("orders"));
        Assert.That(orders.GetProperty("sendRate").GetProperty("state").GetString(), Is.EqualTo("Limiting"));
        Assert.That(
            orders.GetProperty("totals").GetProperty("attempts").GetProperty("total").GetInt64(), Is.EqualTo(2));
        Assert.That(
            orders.GetProperty("totals").GetProperty("stops").GetProperty("NotRetryable").GetInt64(), Is.EqualTo(1));
        Assert.That(orders.GetProperty("recentEvents")[0].GetProperty("kind").GetString(), Is.EqualTo("Slowed"));
        Assert.That(orders.TryGetProperty("breaker", out _), Is.False);
    }

    /// <summary>Handlers made by hand come and go; what watches them must not keep them.</summary>
    [Test]
    public void HandlerByHand_Dropped_IsCollected()
    {
        var dropped = Make();

        for (var i = 0; i < 10 && dropped.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.That(dropped.IsAlive, Is.False);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static WeakReference Make() => new(new AdaptiveRetryHandler(new AdaptiveRetryOptions()));
    }

    private ObservedClient Create(params Func<HttpRequestMessage, HttpResponseMessage>[] steps) =>
        _client = new ObservedClient(_time, new ScriptedHandler(_time, steps));
}
