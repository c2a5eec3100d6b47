using System.Net;
using static RetryHandler.Tests.Support.ScriptedHandler;

namespace RetryHandler.Tests.Retry;

/// <summary>OnRetry and OnStop: what they are told, what they can do, and that nothing leaks by them.</summary>
[TestFixture]
[CancelAfter(30_000)]
internal sealed class CallbackTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _told = [];

    [TestCase(true)]
    [TestCase(false)]
    public async Task Callbacks_CallThatFails_AreToldEachStep(bool synchronous)
    {
        using var client = Client([Status(500), Status(503)]);

        using var response = await SendAsync(client, synchronous);

        Assert.That(_told, Is.EqualTo(new[]
        {
            "retry 1 of 'test' after 500 as Transient in 00:00:00.0010000, response open: True",
            "retry 2 of 'test' after 503 as Transient in 00:00:00.0020000, response open: True",
            "stop after 3 with 503: AttemptsExhausted",
        }));
        Assert.That(client.Upstream.Responses[0].IsDisposed, Is.True, "after the callback");
    }

    [Test]
    public async Task Callbacks_CallThatFails_AreToldWhoseCallItIs()
    {
        var (retried, stopped) = (default(OnAdaptiveRetryArguments), default(OnAdaptiveRetryStopArguments));
        using var client = Client(
            [Status(503)],
            args =>
            {
                retried = args;
                return new(true);
            },
            args =>
            {
                stopped = args;
                return default;
            });
        using var caller = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://upstream.test/");

        using var response = await client.SendAsync(request, caller.Token);

        Assert.Multiple(() =>
        {
            Assert.That(retried.Request, Is.SameAs(request));
            Assert.That(retried.CancellationToken, Is.EqualTo(caller.Token));
            Assert.That(stopped.ClientName, Is.EqualTo("test"));
            Assert.That(stopped.Request, Is.SameAs(request));
            Assert.That(stopped.Outcome.Response, Is.SameAs(response));
            Assert.That(stopped.Verdict.Rule, Is.EqualTo("status-503"));
            Assert.That(stopped.CancellationToken, Is.EqualTo(caller.Token));
        });
    }

    [Test]
    public async Task Callbacks_Success_OnStopIsNotCalled()
    {
        using var client = Client([Status(500), Status(200)]);

        using var response = await client.GetAsync();

        Assert.That(_told, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task OnStop_PermanentFailure_IsCalled()
    {
        using var client = Client([Status(404)]);

        using var response = await client.GetAsync();

        Assert.That(_told, Is.EqualTo(new[] { "stop after 1 with 404: NotRetryable" }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task OnRetry_Veto_ReturnsTheResponseAndPaysNothing(bool synchronous)
    {
        using var client = Client([Status(503, "sorry")], static _ => new(false));

        using var response = await SendAsync(client, synchronous);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("sorry"));
        Assert.That(response.GetAdaptiveRetryInfo().StopReason, Is.EqualTo(RetryStopReason.Vetoed));
        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(1));
        Assert.That(client.Quota.Available, Is.EqualTo(500));
        Assert.That(_told.Last(), Is.EqualTo("stop after 1 with 503: Vetoed"));
    }

    [Test]
    public void OnRetry_VetoAfterAnException_RethrowsTheException()
    {
        var failure = new HttpRequestException("broken");
        using var client = Client([Throw(() => failure)], static _ => new(false));

        var thrown = Assert.CatchAsync(() => client.GetAsync());

        Assert.That(thrown, Is.SameAs(failure));
        Assert.That(_told, Is.EqualTo(new[] { "stop after 1 with broken: Vetoed" }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void OnRetry_Throws_IsTheCallersAndLeaksNothing(bool synchronous)
    {
        var failure = new InvalidOperationException("mine");
        using var client = Client([Status(503)], _ => throw failure);

        var thrown = Assert.CatchAsync(() => SendAsync(client, synchronous));

        Assert.That(thrown, Is.SameAs(failure));
        AssertNothingLeaked(client);
    }

    [Test]
    public void OnRetry_ThrowsAfterThrottling_LeavesNoWaiterAndNoToken()
    {
        using var client = Client([Status(429)], static async _ =>
        {
            await Task.Yield();
            throw new InvalidOperationException("mine");
        });

        Assert.ThrowsAsync<InvalidOperationException>(() => client.GetAsync());

        Assert.That(client.Limiter.State.Waiting, Is.Zero);
        AssertNothingLeaked(client);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void OnStop_Throws_IsTheCallersAndLeaksNothing(bool synchronous)
    {
        var failure = new InvalidOperationException("mine");
        using var client = Client([Status(404)], onStop: _ => throw failure);

        var thrown = Assert.CatchAsync(() => SendAsync(client, synchronous));

        Assert.That(thrown, Is.SameAs(failure));
        AssertNothingLeaked(client);
    }

    [Test]
    public void OnRetry_CallerCancelsInside_IsACancellation()
    {
        using var cancellation = new CancellationTokenSource();
        using var client = Client([Status(503)], async args =>
        {
            await cancellation.CancelAsync();
            args.CancellationToken.ThrowIfCancellationRequested();
            return true;
        });

        Assert.CatchAsync<OperationCanceledException>(() => client.GetAsync(cancellation.Token));
        AssertNothingLeaked(client);
    }

    [Test]
    public async Task OnRetry_TakesItsTime_IsAwaited()
    {
        using var client = Client([Status(503), Status(200)], async args =>
        {
            await Task.Delay(TimeSpan.FromSeconds(5), _time, args.CancellationToken);
            return true;
        });

        using var response = await client.GetAsync();

        Assert.That(_time.Elapsed, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    // A synchronous call blocks until the clock has moved, so it needs a thread of its own.
    private Task<HttpResponseMessage> SendAsync(ClientUnderTest client, bool synchronous) => synchronous
        ? _time.RunAsync(Task.Run(
            () => client.Send(new HttpRequestMessage(HttpMethod.Get, "http://upstream.test/"))))
        : client.GetAsync();

    private static void AssertNothingLeaked(ClientUnderTest client)
    {
        Assert.That(client.Quota.Available, Is.EqualTo(500));
        Assert.That(client.Upstream.Responses, Has.All.Property(nameof(TrackedResponse.IsDisposed)).True);
        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(1));
    }

    private ClientUnderTest Client(
        Func<HttpRequestMessage, HttpResponseMessage>[] steps,
        Func<OnAdaptiveRetryArguments, ValueTask<bool>>? onRetry = null,
        Func<OnAdaptiveRetryStopArguments, ValueTask>? onStop = null) =>
        new(_time, new ScriptedHandler(_time, steps), options =>
        {
            options.Transient.BaseDelay = TimeSpan.FromMilliseconds(1);
            options.Transient.Jitter = JitterKind.None;
            options.OnRetry = onRetry ?? TellRetry;
            options.OnStop = onStop ?? TellStop;
        });

    private ValueTask<bool> TellRetry(OnAdaptiveRetryArguments args)
    {
        var response = (TrackedResponse)args.Outcome.Response!;
        _told.Add($"retry {args.Attempt} of '{args.ClientName}' after {(int)response.StatusCode} as "
            + $"{args.Verdict.Kind} in {args.Delay}, response open: {!response.IsDisposed}");
        return new(true);
    }

    private ValueTask TellStop(OnAdaptiveRetryStopArguments args)
    {
        var what = args.Outcome.Exception?.Message ?? $"{(int)args.Outcome.Response!.StatusCode}";
        _told.Add($"stop after {args.Info.Attempts} with {what}: {args.Info.StopReason}");
        return default;
    }
}
