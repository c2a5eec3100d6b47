namespace RetryHandler.Tests.Telemetry;

/// <summary>Every instrument and every tag value, counted in scripted scenarios.</summary>
[CancelAfter(30_000)]
public sealed class MetricsTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private ObservedClient? _client;

    public void Dispose() => _client?.Dispose();

    [Test]
    public void Instruments_All_HaveNameUnitAndDescription()
    {
        var client = Create(ScriptedHandler.Status(200));

        var instruments = client.Metrics.Instruments.Values
            .Select(static i => $"{i.Name} {i.Unit}").Order(StringComparer.Ordinal);

        Assert.That(instruments, Is.EqualTo(new[]
        {
            "adaptive_retry.amplification 1",
            "adaptive_retry.attempts {attempt}",
            "adaptive_retry.backoff.duration s",
            "adaptive_retry.breaker.state 1",
            "adaptive_retry.calls {call}",
            "adaptive_retry.limit.kind {partition}",
            "adaptive_retry.limiter.state {partition}",
            "adaptive_retry.measured_rate {attempt}/s",
            "adaptive_retry.partitions {partition}",
            "adaptive_retry.quota.available {token}",
            "adaptive_retry.quota.capacity {token}",
            "adaptive_retry.retries {attempt}",
            "adaptive_retry.send_rate {attempt}/s",
            "adaptive_retry.stops {call}",
            "adaptive_retry.throttles {attempt}",
            "adaptive_retry.token_wait.duration s",
            "adaptive_retry.tokens {token}",
            "adaptive_retry.waiting {caller}",
        }));
        Assert.That(
            client.Metrics.Instruments.Values.Select(static i => i.Description), Has.None.Null.And.None.Empty);
    }

    [Test]
    public async Task Counters_SuccessAtOnce_CountCallAndAttempt()
    {
        var client = Create(ScriptedHandler.Status(200));

        using var response = await client.GetAsync();

        Assert.That(client.Metrics.Sums("adaptive_retry.calls"), Is.EqualTo(One("method=GET")));
        Assert.That(
            client.Metrics.Sums("adaptive_retry.attempts"),
            Is.EqualTo(One("method=GET, kind=None, status_code=200")));
        foreach (var silent in new[] { "stops", "retries", "throttles", "backoff.duration", "token_wait.duration" })
        {
            Assert.That(client.Metrics.Sums($"adaptive_retry.{silent}"), Is.Empty, silent);
        }
    }

    [Test]
    public async Task Counters_RetriedFailures_CountKindsRulesAndDelays()
    {
        var client = Create(
            ScriptedHandler.Status(503),
            ScriptedHandler.Status(429, null, ("Retry-After", "2")),
            ScriptedHandler.Status(200));

        using var response = await client.GetAsync();

        Assert.That(client.Metrics.Sums("adaptive_retry.attempts"), Is.EqualTo(new Dictionary<string, double>
        {
            ["method=GET, kind=Transient, status_code=503"] = 1,
            ["method=GET, kind=Throttled, status_code=429"] = 1,
            ["method=GET, kind=None, status_code=200"] = 1,
        }));
        Assert.That(client.Metrics.Sums("adaptive_retry.retries"), Is.EqualTo(new Dictionary<string, double>
        {
            ["method=GET, kind=Transient"] = 1,
            ["method=GET, kind=Throttled"] = 1,
        }));
        Assert.That(client.Metrics.Sums("adaptive_retry.throttles"), Is.EqualTo(One("rule=status-429")));
        var backoff = client.Metrics.Sums("adaptive_retry.backoff.duration");
        Assert.That(backoff["kind=Transient"], Is.InRange(0, 0.05));
        Assert.That(backoff["kind=Throttled"], Is.InRange(2, 3));
        Assert.That(client.Metrics.Total("adaptive_retry.calls"), Is.EqualTo(1));
        Assert.That(client.Metrics.Sums("adaptive_retry.stops"), Is.Empty);
    }

    [TestCase(404, "GET", "method=GET, reason=NotRetryable, kind=Permanent, status_code=404")]
    [TestCase(503, "POST", "method=POST, reason=UnsafeToRepeat, kind=Transient, status_code=503")]
    [TestCase(503, "GET", "method=GET, reason=AttemptsExhausted, kind=Transient, status_code=503")]
    [TestCase(404, "PURGE", "method=_OTHER, reason=NotRetryable, kind=Permanent, status_code=404")]
    public async Task Stops_FailedCall_TellReason(int status, string method, string tags)
    {
        var client = Create(ScriptedHandler.Status(status));

        using var response = await client.SendAsync(new HttpMethod(method));

        Assert.That(client.Metrics.Sums("adaptive_retry.stops"), Is.EqualTo(One(tags)));
    }

    [Test]
    public void Stops_CallerCancelsAWait_TellCancelled()
    {
        var client = Create(ScriptedHandler.Status(429, null, ("Retry-After", "30")));
        using var cancellation = new CancellationTokenSource(TimeSpan.FromSeconds(1), _time);

        Assert.CatchAsync<OperationCanceledException>(() => client.GetAsync(cancellation.Token));

        Assert.That(client.Metrics.Sums("adaptive_retry.stops"), Is.EqualTo(One("method=GET, reason=Cancelled")));
        Assert.That(client.Metrics.Total("adaptive_retry.calls"), Is.EqualTo(1));
        Assert.That(client.Metrics.Total("adaptive_retry.attempts"), Is.EqualTo(1));
    }

    [Test]
    public void Stops_TotalTimeoutDuringAttempt_TellTimedOut()
    {
        _client = new ObservedClient(
            _time, new HangingHandler(static () => true), static o => o.TotalTimeout = TimeSpan.FromSeconds(3));

        Assert.CatchAsync<OperationCanceledException>(() => _client.GetAsync());

        Assert.That(_client.Metrics.Sums("adaptive_retry.stops"), Is.EqualTo(One("method=GET, reason=TimedOut")));
        Assert.That(
            _client.Metrics.Sums("adaptive_retry.attempts"), Is.EqualTo(One("method=GET, kind=Abandoned")));
    }

    [Test]
    public void Stops_ClassifierThrows_TellFaulted()
    {
        _client = new ObservedClient(
            _time,
            new ScriptedHandler(_time, ScriptedHandler.Status(503)),
            static o => o.Classification.Classifiers.Add(new BrokenClassifier()));

        Assert.ThrowsAsync<InvalidOperationException>(() => _client.GetAsync());

        Assert.That(_client.Metrics.Sums("adaptive_retry.stops"), Is.EqualTo(One("method=GET, reason=Faulted")));
        Assert.That(_client.Metrics.Total("adaptive_retry.attempts"), Is.EqualTo(1));
    }

    [Test]
    public async Task Gauges_DormantClient_TellState()
    {
        var client = Create(ScriptedHandler.Status(200));

        using var response = await client.GetAsync();

        Assert.That(client.Metrics.Gauge("adaptive_retry.send_rate"), Is.Empty);
        Assert.That(client.Metrics.Gauge("adaptive_retry.quota.available"), Is.EqualTo(Of("", 500)));
        Assert.That(client.Metrics.Gauge("adaptive_retry.quota.capacity"), Is.EqualTo(Of("", 500)));
        Assert.That(client.Metrics.Gauge("adaptive_retry.waiting"), Is.EqualTo(Of("", 0)));
        Assert.That(client.Metrics.Gauge("adaptive_retry.partitions"), Is.EqualTo(One("")));
        Assert.That(client.Metrics.Gauge("adaptive_retry.amplification"), Is.EqualTo(One("")));
        Assert.That(client.Metrics.Gauge("adaptive_retry.breaker.state"), Is.Empty);
        Assert.That(client.Metrics.Gauge("adaptive_retry.limiter.state"), Is.EqualTo(new Dictionary<string, double>
        {
            ["state=Dormant"] = 1,
            ["state=Limiting"] = 0,
            ["state=Closed"] = 0,
        }));
    }

    [Test]
    public async Task Gauges_ThrottledClient_TellState()
    {
        var client = Create(ScriptedHandler.Status(429), ScriptedHandler.Status(200));

        using var response = await client.GetAsync();

        Assert.That(client.Metrics.Gauge("adaptive_retry.send_rate")[""], Is.GreaterThan(0));
        Assert.That(client.Metrics.Gauge("adaptive_retry.limiter.state")["state=Limiting"], Is.EqualTo(1));
        Assert.That(client.Metrics.Gauge("adaptive_retry.limit.kind").Values.Sum(), Is.EqualTo(1));
        Assert.That(client.Metrics.Gauge("adaptive_retry.amplification")[""], Is.EqualTo(2));
        Assert.That(client.Metrics.Gauge("adaptive_retry.tokens"), Has.Count.EqualTo(1));
        Assert.That(client.Metrics.Gauge("adaptive_retry.measured_rate"), Has.Count.EqualTo(1));
    }

    [Test]
    public void Gauges_OpenBreaker_TellState()
    {
        _client = new ObservedClient(_time, new ScriptedHandler(_time, ScriptedHandler.Status(503)), static o =>
        {
            o.CircuitBreaker.Enabled = true;
            o.CircuitBreaker.MinimumThroughput = 2;
        });

        Assert.CatchAsync(() => _client.GetAsync());

        Assert.That(_client.Metrics.Gauge("adaptive_retry.breaker.state"), Is.EqualTo(new Dictionary<string, double>
        {
            ["state=Closed"] = 0,
            ["state=Open"] = 1,
            ["state=HalfOpen"] = 0,
        }));
        Assert.That(
            _client.Metrics.Sums("adaptive_retry.stops").Keys, Has.Some.Contains("reason=CircuitOpen"));
        Assert.That(_client.Snapshot.Breaker, Is.EqualTo(BreakerState.Open));
        Assert.That(_client.Snapshot.RecentEvents.Select(static e => e.Breaker), Has.One.EqualTo(BreakerState.Open));
        Assert.That(_client.OwnLogs.Select(static e => e.Event.Name), Has.One.EqualTo("BreakerChanged"));
    }

    private static Dictionary<string, double> One(string tags) => Of(tags, 1);

    private static Dictionary<string, double> Of(string tags, double value) => new() { [tags] = value };

    private ObservedClient Create(params Func<HttpRequestMessage, HttpResponseMessage>[] steps) =>
        _client = new ObservedClient(_time, new ScriptedHandler(_time, steps));

    private sealed class BrokenClassifier : IOutcomeClassifier
    {
        public AttemptVerdict? Classify(in AttemptOutcome outcome) => throw new InvalidOperationException("Broken.");
    }
}
