using System.Net;
using Polly;
using RetryHandler.RateLimiting;
using static RetryHandler.Tests.Support.ScriptedHandler;

namespace RetryHandler.Tests.Retry;

/// <summary>Whatever ends an attempt, its permit, its price and its response are settled.</summary>
[TestFixture]
[CancelAfter(30_000)]
internal sealed class SettlementTests
{
    private readonly ManualTimeProvider _time = new();

    [TestCase(false)]
    [TestCase(true)]
    public void SendAsync_ClassifierThrows_ReachesTheCallerAndTheResponseIsReleased(bool breaker)
    {
        using var client = Client(Status(503), o =>
        {
            o.Classification.Classifiers.Add(new ThrowingClassifier());
            o.CircuitBreaker.Enabled = breaker;
        });

        Assert.ThrowsAsync<InvalidOperationException>(async () => await client.GetAsync());

        Assert.That(client.Upstream.Responses.Single().IsDisposed);
    }

    [Test]
    public async Task SendAsync_ClassifierThrowsAtTheProbe_TheNextCallProbes()
    {
        var classifier = new ThrowingClassifier { Throws = false };
        using var client = Client(
            Status(429, null, ("Retry-After", "300")), o => o.Classification.Classifiers.Add(classifier));
        (await client.GetAsync()).Dispose();
        _time.Advance(TimeSpan.FromSeconds(301));
        classifier.Throws = true;
        Assert.ThrowsAsync<InvalidOperationException>(async () => await client.GetAsync());
        classifier.Throws = false;

        (await client.GetAsync()).Dispose();

        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task SendAsync_RetryCannotGetAToken_TellsTheStatusOfTheAttemptBefore()
    {
        var answered = new TaskCompletionSource();
        using var client = new HttpMessageInvoker(
            new AdaptiveRetryHandler(
                new AdaptiveRetryOptions { SendRate = { MaxWait = TimeSpan.FromMilliseconds(100) } }, _time)
            {
                InnerHandler = new RefusingHandler(answered.Task),
            });
        var calls = Enumerable.Range(0, 8).Select(_ => client.SendAsync(
            new HttpRequestMessage(HttpMethod.Get, "http://upstream.test/"), CancellationToken.None)).ToList();
        answered.SetResult();
        await _time.RunAsync(Task.WhenAll(calls.Select(c => c.ContinueWith(static _ => { }, TaskScheduler.Default))));

        // All were sent and answered; a retry that waits behind the others must not hide that.
        foreach (var call in calls)
        {
            var refused = call.Exception?.InnerException as SendRateLimitedException;
            Assert.That(refused?.StatusCode ?? (await call).StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
            Assert.That(refused?.Message ?? "answered with status 429", Does.Contain("answered with status 429"));
        }
    }

    [Test]
    public async Task SendAsync_SameMessageSentAgain_TellsAboutTheLastCallOnly()
    {
        var failures = 3;
        using var client = Client(request => Status(failures-- > 0 ? 503 : 200)(request));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://upstream.test/");
        using var first = await client.SendAsync(request);

        using var second = await client.SendAsync(request);

        Assert.That(first.GetAdaptiveRetryInfo().Attempts, Is.EqualTo(3));
        Assert.That(second.GetAdaptiveRetryInfo(), Is.EqualTo(AdaptiveRetryInfo.OneAttempt));
    }

    [Test]
    public void SendAsync_CircuitOpensBetweenAttempts_TheUnsentRetryCostsNothing()
    {
        using var client = new ClientUnderTest(_time, new ScriptedHandler(_time, Status(503)), o =>
        {
            o.MaxAttempts = 5;
            o.Transient.BaseDelay = TimeSpan.Zero;
            o.CircuitBreaker.Enabled = true;
            o.CircuitBreaker.MinimumThroughput = 2;
        });

        Assert.ThrowsAsync<Polly.CircuitBreaker.BrokenCircuitException>(async () => await client.GetAsync());

        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(2));
        Assert.That(client.Quota.Available, Is.EqualTo(500 - 14), "one retry was sent");
    }

    [Test]
    public void SendAsync_MessageDisposedDuringTheBackoff_TheUnsentRetryCostsNothing()
    {
        using var client = new ClientUnderTest(_time, new ScriptedHandler(_time, Status(503)));
        var request = new HttpRequestMessage(HttpMethod.Get, "http://upstream.test/");
        var call = client.Start(request);
        request.Dispose();

        Assert.ThrowsAsync<ObjectDisposedException>(() => _time.RunAsync(call));

        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(1));
        Assert.That(client.Quota.Available, Is.EqualTo(500));
    }

    /// <summary>A strategy that holds an attempt back until its time is over has sent nothing.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public async Task SendAsync_CallerLeavesAnAttemptThatAStrategyHoldsBack_IsNoAttempt(bool hasTimeout)
    {
        using var client = new ClientUnderTest(_time, new ScriptedHandler(_time, Status(200)), o =>
        {
            o.AttemptTimeout = hasTimeout ? TimeSpan.FromMinutes(1) : null;
            o.ConfigureAttemptPipeline(static b => b.AddStrategy(static _ => new Bulkhead(static () => true)));
        });
        using var caller = new CancellationTokenSource();
        var call = client.Start(new HttpRequestMessage(HttpMethod.Get, "http://upstream.test/"), caller.Token);

        await caller.CancelAsync();

        Assert.CatchAsync<OperationCanceledException>(() => call);
        Assert.That(client.State.Telemetry.Counters.Read().Attempts.Total, Is.Zero);
    }

    [Test]
    public void OnResponse_OldAnswersWhileClosed_DoNotOpenTheGate()
    {
        var limiter = new SendRateLimiter(
            "test", new SendRateSettings(MinRate: 1_000), new CubicController(now: 0), _time);
        limiter.OnResponse(throttled: true, closeFor: TimeSpan.FromSeconds(300));

        limiter.OnResponse(default, SendFeedback.Throttled);
        limiter.OnResponse(default, SendFeedback.Failed);
        limiter.OnNoResponse(default);

        Assert.ThrowsAsync<SendRateLimitedException>(() => limiter.AcquireAsync(TimeSpan.MaxValue, default).AsTask());
        limiter.OnResponse(default, SendFeedback.Accepted);
        _time.Advance(TimeSpan.FromSeconds(1));
        var next = limiter.AcquireAsync(TimeSpan.MaxValue, default).AsTask();
        Assert.That(next.IsCompletedSuccessfully, "an acceptance is news");
    }

    [Test]
    public void AcquireAsync_NothingSentForLong_GoesDormant()
    {
        var limiter = new SendRateLimiter("test", new SendRateSettings(), new CubicController(now: 0), _time);
        limiter.OnResponse(throttled: true);
        _time.Advance(TimeSpan.FromMinutes(60));

        var burst = Enumerable.Range(0, 50).Select(_ => limiter.AcquireAsync(TimeSpan.MaxValue, default).AsTask());

        Assert.That(burst.All(call => call.IsCompletedSuccessfully));
    }

    private ClientUnderTest Client(
        Func<HttpRequestMessage, HttpResponseMessage> answer, Action<AdaptiveRetryOptions>? configure = null) =>
        new(
            _time,
            new ScriptedHandler(_time, answer),
            o =>
            {
                o.SendRate.MinRate = 10;
                configure?.Invoke(o);
            });

    private sealed class ThrowingClassifier : IOutcomeClassifier
    {
        public bool Throws { get; set; } = true;

        public AttemptVerdict? Classify(in AttemptOutcome outcome) =>
            Throws ? throw new InvalidOperationException("a bug of the user's") : null;
    }

    private sealed class RefusingHandler(Task answered) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await answered;
            return new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        }
    }
}
