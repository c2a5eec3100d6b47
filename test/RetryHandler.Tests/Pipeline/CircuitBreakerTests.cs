using Polly;
using Polly.CircuitBreaker;
using static RetryHandler.Tests.Support.ScriptedHandler;

namespace RetryHandler.Tests.Pipeline;

[TestFixture]
[CancelAfter(30_000)]
internal sealed class CircuitBreakerTests
{
    private readonly ManualTimeProvider _time = new();

    [Test]
    public async Task SendAsync_CircuitOpens_FailsAtOnceAndCostsNeitherQuotaNorToken()
    {
        var upstream = new ScriptedHandler(_time, Status(503));
        using var client = Client(upstream);
        await OpenAsync(client);
        var (attempts, quota) = (upstream.Attempts.Count, client.Quota.Available);

        Assert.ThrowsAsync<BrokenCircuitException>(async () => await client.GetAsync());

        Assert.Multiple(() =>
        {
            Assert.That(upstream.Attempts, Has.Count.EqualTo(attempts), "nothing is sent");
            Assert.That(client.Quota.Available, Is.EqualTo(quota));
        });
    }

    [Test]
    public async Task SendAsync_BreakIsOver_OneProbeClosesTheCircuit()
    {
        var answer = 503;
        var upstream = new ScriptedHandler(_time, request => Status(answer)(request));
        using var client = Client(upstream);
        await OpenAsync(client);
        answer = 200;
        _time.Advance(TimeSpan.FromSeconds(5));

        using var probe = await client.GetAsync();
        using var next = await client.GetAsync();

        Assert.That((int)next.StatusCode, Is.EqualTo(200));
    }

    [Test]
    public async Task SendAsync_CircuitOpen_TellsThatNothingWasSent()
    {
        var told = new List<int>();
        using var client = Client(new ScriptedHandler(_time, Status(503)), o => o.OnStop = arguments =>
        {
            told.Add(arguments.Info.Attempts);
            return ValueTask.CompletedTask;
        });
        await OpenAsync(client);
        told.Clear();

        Assert.CatchAsync<BrokenCircuitException>(async () => await client.GetAsync());

        Assert.That(told, Is.EqualTo(new[] { 0 }));
    }

    [TestCase(3)]
    [TestCase(1, Description = "an attempt that is held back is none of the one")]
    public async Task SendAsync_CircuitOpenButTheBreakFitsTheTotalTimeout_WaitsForItsEnd(int maxAttempts)
    {
        var answer = 503;
        var upstream = new ScriptedHandler(_time, request => Status(answer)(request));
        using var client = Client(upstream, o =>
        {
            o.TotalTimeout = TimeSpan.FromSeconds(30);
            o.MaxAttempts = maxAttempts;
        });
        await OpenAsync(client);
        answer = 200;
        var quota = client.Quota.Available;
        var start = _time.Elapsed;

        using var response = await client.GetAsync();

        Assert.Multiple(() =>
        {
            Assert.That((int)response.StatusCode, Is.EqualTo(200));
            Assert.That(response.GetAdaptiveRetryInfo().Attempts, Is.EqualTo(1));
            Assert.That(_time.Elapsed - start, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(5)));
            Assert.That(client.Quota.Available, Is.EqualTo(quota), "waiting for the circuit costs nothing");
        });
    }

    [TestCase(false, 20)]
    [TestCase(true, 10)]
    public async Task SendAsync_Throttled_TripsTheBreakerOnlyIfAsked(bool countThrottled, int sent)
    {
        var upstream = new ScriptedHandler(_time, Status(429));
        using var client = Client(upstream, o => o.CircuitBreaker.CountThrottled = countThrottled);

        for (var i = 0; i < 20; i++)
        {
            try
            {
                (await client.GetAsync()).Dispose();
            }
            catch (BrokenCircuitException)
            {
                Assert.That(countThrottled);
            }
        }

        Assert.That(upstream.Attempts, Has.Count.EqualTo(sent));
    }

    [Test]
    public async Task SendAsync_ThrottledByItsBodyOnly_DoesNotTripTheBreaker()
    {
        // A plain 503 would count; the body says that it is throttling.
        var upstream = new ScriptedHandler(
            _time, Status(503, "<Error><Code>SlowDown</Code></Error>", ("Content-Type", "application/xml")));
        using var client = Client(upstream);

        for (var i = 0; i < 20; i++)
        {
            (await client.GetAsync()).Dispose();
        }

        Assert.That(upstream.Attempts, Has.Count.EqualTo(20));
    }

    [Test]
    public async Task SendAsync_ErrorBodyJudgedByTheBreaker_IsStillCompleteForTheCaller()
    {
        var body = new string('x', 10_000);
        using var client = Client(new ScriptedHandler(_time, Status(503, body)));

        using var response = await client.GetAsync();

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(body));
    }

    [Test]
    public async Task ConfigureAttemptPipeline_Strategies_RunAroundEveryAttempt()
    {
        var runs = 0;
        var upstream = new ScriptedHandler(_time, Status(503));
        using var client = new ClientUnderTest(
            _time, upstream, o => o.ConfigureAttemptPipeline(b => b.AddStrategy(_ => new Counting(() => runs++))));

        using var response = await client.GetAsync();

        Assert.That(runs, Is.EqualTo(3));
        Assert.That(upstream.Attempts, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task ConfigureAttemptPipeline_TimeoutStrategy_IsATransientFailure()
    {
        var attempts = 0;
        var upstream = new HangingHandler(() => ++attempts == 1);
        var options = new AdaptiveRetryOptions();
        options.ConfigureAttemptPipeline(b => b.AddTimeout(TimeSpan.FromSeconds(2)));
        using var client = new HttpMessageInvoker(
            new AdaptiveRetryHandler(options, _time) { InnerHandler = upstream });
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://upstream.test/");

        using var response = await _time.RunAsync(client.SendAsync(request, CancellationToken.None));

        Assert.That(attempts, Is.EqualTo(2));
        Assert.That(_time.Elapsed, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(2)));
    }

    [Test]
    public void ConfigureAttemptPipeline_SynchronousSend_RunsInsideToo()
    {
        var runs = 0;
        using var client = new ClientUnderTest(
            _time,
            new ScriptedHandler(_time, Status(404)),
            o => o.ConfigureAttemptPipeline(b => b.AddStrategy(_ => new Counting(() => runs++))));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://upstream.test/");

        using var response = client.Send(request);

        Assert.That(runs, Is.EqualTo(1));
    }

    private static async Task OpenAsync(ClientUnderTest client)
    {
        for (var i = 0; i < 10; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "http://upstream.test/");
            request.SetAdaptiveRetryMaxAttempts(1);
            (await client.SendAsync(request)).Dispose();
        }
    }

    private ClientUnderTest Client(ScriptedHandler upstream, Action<AdaptiveRetryOptions>? configure = null) =>
        new(_time, upstream, o =>
        {
            o.CircuitBreaker.Enabled = true;
            o.CircuitBreaker.MinimumThroughput = 10;
            o.SendRate.Enabled = false;
            configure?.Invoke(o);

            // One attempt a call makes counting easy; waiting for the circuit takes a second one.
            o.MaxAttempts = o.TotalTimeout is null ? 1 : 2;
            o.Transient.BaseDelay = TimeSpan.Zero;
        });

    private sealed class Counting(Action onExecute) : ResilienceStrategy<HttpResponseMessage>
    {
        protected override ValueTask<Outcome<HttpResponseMessage>> ExecuteCore<TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback,
            ResilienceContext context,
            TState state)
        {
            onExecute();
            return callback(context, state);
        }
    }
}
