using System.Diagnostics;
using static RetryHandler.Tests.Support.ScriptedHandler;

namespace RetryHandler.Tests.Retry;

/// <summary>A <c>Retry-After</c> that no call waits for holds the whole client back, but not for ever.</summary>
[TestFixture]
[CancelAfter(30_000)]
internal sealed class ClosedGateTests
{
    private readonly ManualTimeProvider _time = new();
    private Func<HttpRequestMessage, HttpResponseMessage> _answer = Status(429, null, ("Retry-After", "300"));

    [Test]
    public async Task SendAsync_RetryAfterBeyondTheCap_LaterCallsFailAtOnceAndSendNothing()
    {
        using var client = Client();
        using var response = await client.GetAsync();

        var thrown = Assert.ThrowsAsync<SendRateLimitedException>(async () => await client.GetAsync());

        Assert.Multiple(() =>
        {
            Assert.That((int)response.StatusCode, Is.EqualTo(429));
            Assert.That(response.GetAdaptiveRetryInfo().StopReason, Is.EqualTo(RetryStopReason.ServerDelayTooLong));
            Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(1));
            Assert.That(thrown!.RetryAt, Is.EqualTo(_time.GetUtcNow() + TimeSpan.FromSeconds(300)));
            Assert.That(_time.Elapsed, Is.EqualTo(TimeSpan.Zero));
        });
    }

    [Test]
    public async Task SendAsync_NearTheEndOfTheClosure_WaitsForIt()
    {
        using var client = Client();
        (await client.GetAsync()).Dispose();
        _time.Advance(TimeSpan.FromSeconds(250));
        _answer = Status(200);

        (await client.GetAsync()).Dispose();

        Assert.That(client.Upstream.Attempts[1].At, Is.EqualTo(TimeSpan.FromSeconds(300)));
    }

    [Test]
    public async Task SendAsync_ClosureIsOver_OneProbeGoesAndTheRestWaitForItsAnswer()
    {
        var probe = new TaskCompletionSource<HttpResponseMessage>();
        var sent = 0;
        using var client = new HttpMessageInvoker(
            new AdaptiveRetryHandler(new AdaptiveRetryOptions { SendRate = { MinRate = 1_000 } }, _time)
            {
                InnerHandler = new AnsweringHandler(() => ++sent switch
                {
                    1 => Task.FromResult(Status(429, null, ("Retry-After", "300"))(new HttpRequestMessage())),
                    2 => probe.Task,
                    _ => Task.FromResult(new HttpResponseMessage()),
                }),
            });
        (await client.SendAsync(Get(), CancellationToken.None)).Dispose();
        _time.Advance(TimeSpan.FromSeconds(299));
        var calls = Enumerable.Range(0, 10).Select(_ => client.SendAsync(Get(), CancellationToken.None)).ToList();
        _time.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(() => sent == 2);
        _time.Advance(TimeSpan.FromSeconds(30));
        await VirtualTime.SettleAsync();

        Assert.That(sent, Is.EqualTo(2), "only the probe");
        probe.SetResult(new HttpResponseMessage());

        foreach (var response in await _time.RunAsync(Task.WhenAll(calls)))
        {
            response.Dispose();
        }

        Assert.That(sent, Is.EqualTo(11));
    }

    [Test]
    public async Task SendAsync_ProbeFailsWithoutAnAnswer_TheNextCallProbes()
    {
        using var client = Client(o => o.MaxAttempts = 1);
        (await client.GetAsync()).Dispose();
        _time.Advance(TimeSpan.FromSeconds(301));
        _answer = Throw(() => new HttpRequestException(HttpRequestError.ConnectionError));
        Assert.ThrowsAsync<HttpRequestException>(async () => await client.GetAsync());
        _answer = Status(200);

        (await client.GetAsync()).Dispose();

        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task SendAsync_CancelledProbe_TheNextCallProbes()
    {
        using var caller = new CancellationTokenSource();
        using var client = Client();
        (await client.GetAsync()).Dispose();
        _time.Advance(TimeSpan.FromSeconds(301));
        _answer = _ =>
        {
            caller.Cancel();
            throw new TaskCanceledException();
        };
        Assert.CatchAsync<OperationCanceledException>(async () => await client.GetAsync(caller.Token));
        _answer = Status(200);

        (await client.GetAsync()).Dispose();

        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task SendAsync_AbsurdRetryAfter_IsProbedAfterTenMinutes()
    {
        _answer = Status(429, null, ("Retry-After", "20000"));
        using var client = Client();
        (await client.GetAsync()).Dispose();
        _time.Advance(TimeSpan.FromMinutes(9.9));
        _answer = Status(200);

        (await client.GetAsync()).Dispose();

        Assert.That(client.Upstream.Attempts[1].At, Is.EqualTo(TimeSpan.FromMinutes(10)));
    }

    [Test]
    public async Task SendAsync_GateClosesWhileCallersWait_TheyFailAtOnce()
    {
        using var client = Client();
        client.Limiter.OnResponse(throttled: true);
        using var request = Get();
        var waiting = client.Start(request);
        Assert.That(client.Limiter.State.Waiting, Is.EqualTo(1));

        client.Limiter.OnResponse(throttled: true, closeFor: TimeSpan.FromSeconds(300));

        Assert.ThrowsAsync<SendRateLimitedException>(() => waiting);
    }

    private static HttpRequestMessage Get() => new(HttpMethod.Get, "http://upstream.test/");

    private static async Task UntilAsync(Func<bool> condition)
    {
        // By the real clock: on a busy machine the one thread that has work to do may not run for a while.
        var start = Stopwatch.GetTimestamp();
        while (!condition() && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20))
        {
            await VirtualTime.SettleAsync();
        }

        Assert.That(condition());
    }

    private ClientUnderTest Client(Action<AdaptiveRetryOptions>? configure = null) =>
        new(
            _time,
            new ScriptedHandler(_time, request => _answer(request)),
            o =>
            {
                o.SendRate.MinRate = 1_000;
                configure?.Invoke(o);
            });

    private sealed class AnsweringHandler(Func<Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) => answer();
    }
}
