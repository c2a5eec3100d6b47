using System.Net;
using static RetryHandler.Tests.Support.ScriptedHandler;

namespace RetryHandler.Tests.Retry;

/// <summary>Calls that are left at a retry, at a probe, or while an error comes in.</summary>
[TestFixture]
[CancelAfter(30_000)]
internal sealed class LeftCallTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly CancellationTokenSource _caller = new();

    [TearDown]
    public void TearDown() => _caller.Dispose();

    /// <summary>It was sent.</summary>
    [Test]
    public async Task SendAsync_CallerLeavesDuringARetry_ThePriceStaysPaid()
    {
        using var client = Client(_ => throw Left(), Status(503));

        var thrown = await CatchAsync(client.SendAsync(Request(), _caller.Token));

        Assert.That(thrown, Is.InstanceOf<OperationCanceledException>());
        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(2));
        Assert.That(client.Quota.Available, Is.EqualTo(86));
    }

    /// <summary>Retries that hang must cost what they cost.</summary>
    [Test]
    public async Task SendAsync_TotalTimePassesDuringARetry_ThePriceStaysPaid()
    {
        using var client = Client(
            _ =>
            {
                _time.Advance(TimeSpan.FromSeconds(10));
                throw new TaskCanceledException("late");
            },
            Status(503),
            options => options.TotalTimeout = TimeSpan.FromSeconds(5));

        var thrown = await CatchAsync(client.SendAsync(Request(), _caller.Token));

        Assert.That(thrown?.InnerException, Is.InstanceOf<TimeoutException>());
        Assert.That(client.Quota.Available, Is.EqualTo(86));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task SendAsync_ProbeOfAClosedClientGetsNoAnswer_TheNextCallProbes(bool callerLeaves)
    {
        using var client = Client(
            _ => callerLeaves ? throw Left() : throw new NotSupportedException("broken"),
            Status(429, null, ("Retry-After", "300")));
        (await client.GetAsync()).Dispose();
        var refused = await CatchAsync(client.GetAsync());
        Assert.That(refused, Is.InstanceOf<SendRateLimitedException>());
        Assert.That(refused!.Message, Does.EndWith("This attempt was not sent."), "there was none before");
        _time.Advance(TimeSpan.FromSeconds(301));
        var reopens = _time.Elapsed;

        Assert.That(await CatchAsync(client.SendAsync(Request(), _caller.Token)), Is.Not.Null);
        Assert.That(await CatchAsync(client.GetAsync()), Is.Not.InstanceOf<SendRateLimitedException>());

        Assert.That(client.Upstream.Attempts, Has.Count.GreaterThanOrEqualTo(3));
        Assert.That(
            client.Upstream.Attempts[2].At - reopens,
            Is.LessThan(TimeSpan.FromSeconds(10)),
            "the next one does not wait for an answer that never comes");
    }

    [Test]
    public async Task SendAsync_MessageDisposedDuringTheBackoff_ThrowsAndLeavesNothingBehind()
    {
        using var client = Client(Status(200), Status(503));
        var request = new HttpRequestMessage(HttpMethod.Put, "http://upstream.test/")
        {
            Content = new StringContent("payload"),
        };
        var call = client.Start(request, _caller.Token);

        request.Dispose();

        Assert.That(await CatchAsync(_time.RunAsync(call)), Is.InstanceOf<ObjectDisposedException>());
        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(1));
        Assert.That(_time.ActiveTimers, Is.Zero);
    }

    /// <summary>The error's body comes in pieces, and says that it is a throttle.</summary>
    [Test]
    public async Task SendAsync_ErrorBodyComesLate_IsJudgedByIt()
    {
        var rest = new TaskCompletionSource<byte[]>();
        using var client = Client(Status(200), request => Late(request, rest.Task));
        var call = client.Start(Request(), _caller.Token);
        await VirtualTime.SettleAsync();
        Assert.That(call.IsCompleted, Is.False);

        rest.SetResult("{\"code\":\"Throttling\"}"u8.ToArray());

        using var response = await _time.RunAsync(call);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(2));
        Assert.That(client.Limiter.IsLimiting, Is.True);
    }

    [Test]
    public async Task SendAsync_CallerLeavesWhileAnErrorBodyComesIn_ThrowsWithTheCallersToken()
    {
        using var client = Client(Status(200), request => Late(request, new TaskCompletionSource<byte[]>().Task));
        var call = client.Start(Request(), _caller.Token);
        await VirtualTime.SettleAsync();

        await _caller.CancelAsync();

        var thrown = await CatchAsync(call);
        Assert.That((thrown as OperationCanceledException)?.CancellationToken, Is.EqualTo(_caller.Token));
        Assert.That(client.Limiter.IsLimiting, Is.False);
        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task SendAsync_RatioOfCalls_CountsTheCallThatFails()
    {
        using var client = new ClientUnderTest(_time, new ScriptedHandler(_time, Status(503)), static options =>
        {
            options.Quota.Kind = RetryQuotaKind.Ratio;
            options.Quota.MaxRatio = 1;
            options.Quota.MinRetriesPerSecond = 0;
        });

        using var response = await client.GetAsync();

        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(2), "one retry for one call");
        Assert.That(response.GetAdaptiveRetryInfo().StopReason, Is.EqualTo(RetryStopReason.RetryQuotaExhausted));
    }

    [Test]
    public async Task SendAsync_QuotaOff_RetriesWithoutTokens()
    {
        using var client = new ClientUnderTest(
            _time,
            new ScriptedHandler(_time, Status(503)),
            static options => options.Quota.Enabled = false,
            quota: 0);

        using var response = await client.GetAsync();

        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(3));
        Assert.That(client.Quota.Available, Is.Zero);
    }

    [Test]
    public async Task Send_Synchronous_WaitsBeforeTheRetry()
    {
        using var client = Client(Status(200), Status(503));

        // A synchronous call blocks until the clock has moved, so it needs a thread of its own.
        using var response = await _time.RunAsync(Task.Run(() => client.Send(Request())));

        Assert.That(client.Upstream.Attempts[1].At, Is.EqualTo(TimeSpan.FromMilliseconds(50)));
    }

    [Test]
    public async Task SendAsync_OneAttemptOnly_ContentIsNotReadAhead()
    {
        var stream = new ForwardOnlyStream("payload"u8.ToArray());
        long? read = null;
        var upstream = new ScriptedHandler(_time, request =>
        {
            read = stream.BytesRead;
            return Status(503)(request);
        })
        { ReadsContent = false };
        using var client = new ClientUnderTest(_time, upstream, static options => options.MaxAttempts = 1);
        var request = new HttpRequestMessage(HttpMethod.Put, "http://upstream.test/")
        {
            Content = new StreamContent(stream) { Headers = { ContentLength = 7 } },
        };

        using var response = await client.SendAsync(request.SetAdaptiveRetryMaxAttempts(1));

        Assert.That(read, Is.Zero);
    }

    [Test]
    public void GetAdaptiveRetryInfo_NoResponse_Throws() => Assert.That(
        static () => ((HttpResponseMessage)null!).GetAdaptiveRetryInfo(),
        Throws.ArgumentNullException.With.Property(nameof(ArgumentException.ParamName)).EqualTo("response"));

    private static HttpRequestMessage Request() => new(HttpMethod.Get, "http://upstream.test/");

    private static async Task<Exception?> CatchAsync(Task<HttpResponseMessage> call)
    {
        try
        {
            (await call).Dispose();
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private static HttpResponseMessage Late(HttpRequestMessage request, Task<byte[]> body) =>
        new(HttpStatusCode.BadRequest) { RequestMessage = request, Content = new StreamContent(new LateStream(body)) };

    private TaskCanceledException Left()
    {
        _caller.Cancel();
        return new TaskCanceledException("gone", null, _caller.Token);
    }

    /// <summary>A client whose upstream answers so at first, and later otherwise.</summary>
    private ClientUnderTest Client(
        Func<HttpRequestMessage, HttpResponseMessage> later,
        Func<HttpRequestMessage, HttpResponseMessage> first,
        Action<AdaptiveRetryOptions>? configure = null) =>
        new(_time, new ScriptedHandler(_time, first, later), configure, quota: 100);

    /// <summary>Has nothing to read until its body is there.</summary>
    private sealed class LateStream(Task<byte[]> body) : MemoryStream
    {
        private bool _isRead;

        public override bool CanSeek => false;

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var bytes = await body.WaitAsync(cancellationToken);
            if (_isRead)
            {
                return 0;
            }

            _isRead = true;
            bytes.CopyTo(buffer);
            return bytes.Length;
        }
    }
}
