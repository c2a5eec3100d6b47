using static RetryHandler.Tests.Support.ScriptedHandler;

namespace RetryHandler.Tests.Retry;

[TestFixture]
[CancelAfter(30_000)]
internal sealed class CancellationTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly CancellationTokenSource _caller = new();

    [TearDown]
    public void TearDown() => _caller.Dispose();

    [Test]
    public async Task SendAsync_CancelledDuringBackoff_ThrowsWithTheCallersTokenAndReturnsTheCost()
    {
        using var client = new ClientUnderTest(_time, new ScriptedHandler(_time, Status(503)), quota: 100);
        using var request = Get();
        var call = client.Start(request, _caller.Token);
        Assert.That(client.Quota.Available, Is.EqualTo(86));

        await _caller.CancelAsync();

        var thrown = Assert.CatchAsync<OperationCanceledException>(() => call);
        Assert.Multiple(() =>
        {
            Assert.That(thrown!.CancellationToken, Is.EqualTo(_caller.Token));
            Assert.That(client.Quota.Available, Is.EqualTo(100));
            Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(1));
            Assert.That(_time.ActiveTimers, Is.Zero);
        });
    }

    [Test]
    public async Task SendAsync_CancelledWhileWaitingForAToken_ThrowsWithTheCallersTokenAndSendsNothing()
    {
        using var client = new ClientUnderTest(_time, new ScriptedHandler(_time, Status(200)));
        client.Limiter.OnResponse(throttled: true);
        using var request = Get();
        var call = client.Start(request, _caller.Token);
        Assert.That(client.Limiter.State.Waiting, Is.EqualTo(1));

        await _caller.CancelAsync();

        var thrown = Assert.CatchAsync<OperationCanceledException>(() => call);
        Assert.Multiple(() =>
        {
            Assert.That(thrown!.CancellationToken, Is.EqualTo(_caller.Token));
            Assert.That(client.Upstream.Attempts, Is.Empty);
            Assert.That(client.Limiter.State.Waiting, Is.Zero);
            Assert.That(_time.ActiveTimers, Is.Zero);
        });
    }

    [Test]
    public void SendAsync_CancelledDuringTheAttempt_TeachesNobodyAndIsNotRetried()
    {
        using var client = new ClientUnderTest(
            _time,
            new ScriptedHandler(_time, _ =>
            {
                _caller.Cancel();
                throw new TaskCanceledException("gone", null, _caller.Token);
            }),
            quota: 100);
        using var request = Get();

        var thrown = Assert.CatchAsync<OperationCanceledException>(() => client.Start(request, _caller.Token));

        Assert.Multiple(() =>
        {
            Assert.That(thrown!.CancellationToken, Is.EqualTo(_caller.Token));
            Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(1));
            Assert.That(client.Quota.Available, Is.EqualTo(100));
            Assert.That(client.Limiter.IsLimiting, Is.False);
        });
    }

    [Test]
    public async Task SendAsync_TimeoutOfAnInnerHandler_IsRetried()
    {
        // The caller's token is not cancelled, so it was somebody inside.
        using var client = new ClientUnderTest(
            _time, new ScriptedHandler(_time, Throw(() => new TaskCanceledException()), Status(200)));

        using var response = await client.GetAsync(_caller.Token);

        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task SendAsync_AttemptTimeoutPasses_TriesAgain()
    {
        var attempts = 0;
        using var client = HangingClient(
            () => ++attempts == 1, o => o.AttemptTimeout = TimeSpan.FromSeconds(5));
        using var request = Get();

        using var response = await _time.RunAsync(client.SendAsync(request, _caller.Token));

        Assert.That(attempts, Is.EqualTo(2));
        Assert.That(_time.Elapsed, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public void SendAsync_EveryAttemptTimesOut_FailsLikeHttpClientTimeout()
    {
        var attempts = 0;
        using var client = HangingClient(
            () => ++attempts > 0, o => o.AttemptTimeout = TimeSpan.FromSeconds(5));
        using var request = Get();

        var thrown = Assert.ThrowsAsync<TaskCanceledException>(
            () => _time.RunAsync(client.SendAsync(request, _caller.Token)));

        Assert.That(thrown!.InnerException, Is.InstanceOf<TimeoutException>());
        Assert.That(thrown.Message, Does.StartWith("The attempt was cancelled"));
        Assert.That(attempts, Is.EqualTo(3));
    }

    /// <summary>Callers whose own time ends at the retry must not get more and more retries for nothing.</summary>
    [Test]
    public void SendAsync_UpstreamHangsAndCallersHaveADeadline_RetriesEndWithTheQuota()
    {
        var attempts = 0;
        using var client = HangingClient(() => ++attempts > 0, o => o.AttemptTimeout = TimeSpan.FromSeconds(3));

        for (var call = 0; call < 60; call++)
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5), _time);
            using var request = Get();
            Assert.CatchAsync<OperationCanceledException>(
                () => _time.RunAsync(client.SendAsync(request, deadline.Token)));
        }

        Assert.That(attempts, Is.EqualTo(60 + 10), "500 tokens, and 50 for each retry");
    }

    [Test]
    public void SendAsync_TotalTimeoutPassesDuringAnAttempt_FailsLikeHttpClientTimeout()
    {
        using var client = HangingClient(() => true, o => o.TotalTimeout = TimeSpan.FromSeconds(5));
        using var request = Get();

        var thrown = Assert.ThrowsAsync<TaskCanceledException>(
            () => _time.RunAsync(client.SendAsync(request, _caller.Token)));

        Assert.That(thrown!.InnerException, Is.InstanceOf<TimeoutException>());
        Assert.That(thrown.Message, Does.StartWith("The call was cancelled"));
        Assert.That(_time.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(_time.ActiveTimers, Is.Zero);
    }

    [Test]
    public async Task SendAsync_CancelledUnderTimeouts_SurfacesWithTheCallersToken()
    {
        using var client = HangingClient(() => true, o =>
        {
            o.TotalTimeout = TimeSpan.FromSeconds(5);
            o.AttemptTimeout = TimeSpan.FromSeconds(1);
        });
        using var request = Get();
        var call = client.SendAsync(request, _caller.Token);

        await _caller.CancelAsync();

        var thrown = Assert.CatchAsync<OperationCanceledException>(() => call);
        Assert.That(thrown!.CancellationToken, Is.EqualTo(_caller.Token));
        Assert.That(_time.ActiveTimers, Is.Zero);
    }

    private static HttpRequestMessage Get() => new(HttpMethod.Get, "http://upstream.test/");

    private HttpMessageInvoker HangingClient(Func<bool> hangs, Action<AdaptiveRetryOptions> configure)
    {
        var options = new AdaptiveRetryOptions();
        configure(options);
        return new HttpMessageInvoker(
            new AdaptiveRetryHandler(options, _time) { InnerHandler = new HangingHandler(hangs) });
    }
}
