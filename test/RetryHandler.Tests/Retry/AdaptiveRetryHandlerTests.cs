using System.Net;
using static RetryHandler.Tests.Support.ScriptedHandler;

namespace RetryHandler.Tests.Retry;

/// <summary>What reviewers ask of any retry utility, against the real handler in virtual time.</summary>
[TestFixture]
internal sealed class AdaptiveRetryHandlerTests
{
    private readonly ManualTimeProvider _time = new();

    [Test]
    public async Task SendAsync_FirstAttemptSucceeds_SendsOnce()
    {
        using var client = Client(Status(200));

        using var response = await client.GetAsync();

        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(1));
            Assert.That(_time.Elapsed, Is.EqualTo(TimeSpan.Zero));
            Assert.That(
                response.GetAdaptiveRetryInfo(),
                Is.EqualTo(new AdaptiveRetryInfo(1, RetryStopReason.Succeeded, TimeSpan.Zero)));
        });
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(7)]
    public async Task SendAsync_SucceedsAfterTransientFailures_ReturnsTheSuccess(int failures)
    {
        var steps = Enumerable.Repeat(Status(503), failures).Append(Status(200)).ToArray();
        using var client = Client(steps, o => o.MaxAttempts = failures + 1);

        using var response = await client.GetAsync();

        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(failures + 1));
            Assert.That(response.GetAdaptiveRetryInfo().Attempts, Is.EqualTo(failures + 1));
            Assert.That(response.GetAdaptiveRetryInfo().TimeWaited, Is.EqualTo(_time.Elapsed));
        });
    }

    [Test]
    public async Task SendAsync_AllAttemptsFailWithResponses_ReturnsTheLastResponseOpen()
    {
        using var client = Client([Status(500, "first"), Status(502, "second"), Status(503, "third")]);

        using var response = await client.GetAsync();

        var body = await response.Content.ReadAsStringAsync();
        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(body, Is.EqualTo("third"));
            Assert.That(response.GetAdaptiveRetryInfo().StopReason, Is.EqualTo(RetryStopReason.AttemptsExhausted));
            Assert.That(client.Upstream.Responses.Select(r => r.IsDisposed), Is.EqualTo(new[] { true, true, false }));
        });
    }

    [Test]
    public void SendAsync_AllAttemptsThrow_RethrowsTheLastExceptionWithItsStack()
    {
        var last = new HttpRequestException(HttpRequestError.ConnectionError, "the last");
        using var client = Client(
        [
            Throw(() => new HttpRequestException(HttpRequestError.ConnectionError, "the first")),
            Throw(() => new HttpRequestException(HttpRequestError.ConnectionError, "the second")),
            _ => ThrowDeepInside(last),
        ]);

        var thrown = Assert.ThrowsAsync<HttpRequestException>(async () => await client.GetAsync());

        Assert.Multiple(() =>
        {
            Assert.That(thrown, Is.SameAs(last));
            Assert.That(thrown!.StackTrace, Does.Contain(nameof(ThrowDeepInside)));
            Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(3));
        });
    }

    [Test]
    public async Task SendAsync_ManyRetries_NeverWaitsLongerThanTheCap()
    {
        using var client = Client([Status(500)], o =>
        {
            o.MaxAttempts = 8;
            o.Transient.BaseDelay = TimeSpan.FromSeconds(1);
            o.Transient.MaxDelay = TimeSpan.FromSeconds(3);
        });

        using var response = await client.GetAsync();

        Assert.That(Waits(client), Is.EqualTo(new[] { 1, 2, 3, 3, 3, 3, 3 }.Select(s => TimeSpan.FromSeconds(s))));
    }

    [TestCase(200)]
    [TestCase(204)]
    [TestCase(301)]
    [TestCase(304)]
    [TestCase(400)]
    [TestCase(401)]
    [TestCase(403)]
    [TestCase(404)]
    [TestCase(409)]
    [TestCase(422)]
    [TestCase(501)]
    [TestCase(505)]
    public async Task SendAsync_NotRetryableStatus_PassesThroughAtOnce(int status)
    {
        using var client = Client(Status(status, "the body"));

        using var response = await client.GetAsync();

        var body = await response.Content.ReadAsStringAsync();
        Assert.Multiple(() =>
        {
            Assert.That((int)response.StatusCode, Is.EqualTo(status));
            Assert.That(body, Is.EqualTo("the body"));
            Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(1));
            Assert.That(_time.Elapsed, Is.EqualTo(TimeSpan.Zero));
        });
    }

    [TestCase(408, 3)]
    [TestCase(429, 10)]
    [TestCase(500, 3)]
    [TestCase(502, 3)]
    [TestCase(503, 3)]
    [TestCase(504, 3)]
    [TestCase(509, 10)]
    [TestCase(529, 10)]
    public async Task SendAsync_RetryableStatus_UsesTheAttemptsOfItsKind(int status, int attempts)
    {
        using var client = Client(Status(status));

        using var response = await client.GetAsync();

        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(attempts));
    }

    [Test]
    public void SendAsync_ExceptionThatIsNoTransportFailure_PassesThroughAtOnce()
    {
        using var client = Client(Throw(() => new InvalidOperationException("a bug")));

        Assert.ThrowsAsync<InvalidOperationException>(async () => await client.GetAsync());
        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task SendAsync_RealJitter_MakesTheDelaysDiffer()
    {
        var delays = new HashSet<TimeSpan>();
        for (var i = 0; i < 50; i++)
        {
            var time = new ManualTimeProvider();
            var upstream = new ScriptedHandler(time, Status(503), Status(200));
            using var handler = new AdaptiveRetryHandler(
                new AdaptiveRetryOptions { Transient = { BaseDelay = TimeSpan.FromSeconds(10) } }, time)
            { InnerHandler = upstream };
            using var invoker = new HttpMessageInvoker(handler);
            using var request = new HttpRequestMessage(HttpMethod.Get, "http://upstream.test/");
            using var response = await time.RunAsync(invoker.SendAsync(request, CancellationToken.None));
            delays.Add(upstream.Attempts[1].At);
        }

        Assert.Multiple(() =>
        {
            Assert.That(delays, Has.Count.GreaterThan(40));
            Assert.That(delays, Has.All.LessThanOrEqualTo(TimeSpan.FromSeconds(10.001)));
        });
    }

    [TestCase(RetryMode.Legacy, 429, 5)]
    [TestCase(RetryMode.Legacy, 503, 5)]
    [TestCase(RetryMode.Legacy, 509, 5)]
    [TestCase(RetryMode.Standard, 429, 3)]
    [TestCase(RetryMode.Standard, 503, 3)]
    [TestCase(RetryMode.Adaptive, 429, 10)]
    [TestCase(RetryMode.Adaptive, 503, 3)]
    public async Task SendAsync_EachMode_MakesItsNumberOfAttempts(RetryMode mode, int status, int attempts)
    {
        using var client = Client([Status(status)], o => o.Mode = mode);

        using var response = await client.GetAsync();

        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(attempts));
    }

    [TestCase(RetryMode.Legacy, 503, new[] { 1.0, 2, 4, 8 })]
    [TestCase(RetryMode.Standard, 503, new[] { 0.05, 0.1 })]
    [TestCase(RetryMode.Standard, 429, new[] { 1.0, 2 })]
    public async Task SendAsync_EachMode_WaitsItsDelays(RetryMode mode, int status, double[] seconds)
    {
        using var client = Client([Status(status)], o => o.Mode = mode);

        using var response = await client.GetAsync();

        Assert.That(Waits(client), Is.EqualTo(seconds.Select(TimeSpan.FromSeconds)));
    }

    [Test]
    public async Task SendAsync_ExplicitAttemptsOfOneKind_BeatMaxAttemptsAndMode()
    {
        using var client = Client([Status(503)], o =>
        {
            o.Mode = RetryMode.Legacy;
            o.MaxAttempts = 7;
            o.Transient.MaxAttempts = 2;
            o.Transient.BaseDelay = TimeSpan.Zero;
        });

        using var response = await client.GetAsync();

        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task SendAsync_QuotaEmpty_ReturnsTheResponseAtOnce()
    {
        using var client = new ClientUnderTest(_time, new ScriptedHandler(_time, Status(503)), quota: 13);

        using var response = await client.GetAsync();

        Assert.Multiple(() =>
        {
            Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(1));
            Assert.That(response.GetAdaptiveRetryInfo().StopReason, Is.EqualTo(RetryStopReason.RetryQuotaExhausted));
            Assert.That(client.Quota.Available, Is.EqualTo(13));
        });
    }

    [Test]
    public async Task SendAsync_Disabled_DoesNotRetry()
    {
        using var client = Client(Status(503));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://upstream.test/").DisableAdaptiveRetry();

        using var response = await client.SendAsync(request);

        Assert.Multiple(() =>
        {
            Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(1));
            Assert.That(response.GetAdaptiveRetryInfo().StopReason, Is.EqualTo(RetryStopReason.Disabled));
        });
    }

    private static IEnumerable<TimeSpan> Waits(ClientUnderTest client)
    {
        var attempts = client.Upstream.Attempts;
        return attempts.Zip(attempts.Skip(1), (a, b) => b.At - a.At);
    }

    private static HttpResponseMessage ThrowDeepInside(HttpRequestException exception) => throw exception;

    private ClientUnderTest Client(params Func<HttpRequestMessage, HttpResponseMessage>[] steps) => Client(steps, null);

    private ClientUnderTest Client(
        Func<HttpRequestMessage, HttpResponseMessage>[] steps, Action<AdaptiveRetryOptions>? configure) =>
        new(_time, new ScriptedHandler(_time, steps), configure);
}
