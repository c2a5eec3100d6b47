using System.Net;
using static RetryHandler.Tests.Support.ScriptedHandler;

namespace RetryHandler.Tests.Retry;

/// <summary>Attempts and time of single requests.</summary>
[TestFixture]
[CancelAfter(30_000)]
internal sealed class PerRequestTests
{
    private readonly ManualTimeProvider _time = new();

    [TestCase(503, 1)]
    [TestCase(503, 2)]
    [TestCase(503, 5)]
    [TestCase(429, 5)]
    public async Task SetAdaptiveRetryMaxAttempts_Request_BeatsTheClientsLimit(int status, int attempts)
    {
        using var client = Client(Status(status));

        using var response = await client.SendAsync(Get().SetAdaptiveRetryMaxAttempts(attempts));
        using var other = await client.GetAsync();

        Assert.That(response.GetAdaptiveRetryInfo().Attempts, Is.EqualTo(attempts));
        Assert.That(other.GetAdaptiveRetryInfo().Attempts, Is.EqualTo(3), "others keep the client's limit");
    }

    [Test]
    public async Task SetAdaptiveRetryMaxAttempts_ClientNeverRetries_ContentIsStillRepeated()
    {
        using var client = Client(Status(503), options => options.MaxAttempts = 1);
        using var stream = new ForwardOnlyStream("order"u8.ToArray());
        var request = new HttpRequestMessage(HttpMethod.Put, "http://upstream.test/")
        {
            Content = new StreamContent(stream) { Headers = { ContentLength = 5 } },
        };

        using var response = await client.SendAsync(request.SetAdaptiveRetryMaxAttempts(2));

        Assert.That(
            client.Upstream.Attempts.Select(static attempt => attempt.Body), Is.EqualTo(new[] { "order", "order" }));
    }

    [Test]
    public async Task SetAdaptiveRetryTotalTimeout_WaitDoesNotFit_ReturnsTheResponse()
    {
        using var client = Client(Status(429, null, ("Retry-After", "10")));

        using var response = await client.SendAsync(Get().SetAdaptiveRetryTotalTimeout(TimeSpan.FromSeconds(9)));

        Assert.That(response.GetAdaptiveRetryInfo().StopReason, Is.EqualTo(RetryStopReason.DeadlineTooNear));
        Assert.That(_time.Elapsed, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public async Task SetAdaptiveRetryTotalTimeout_LongerThanTheClients_TakesItsPlace()
    {
        using var client = Client(
            Status(429, null, ("Retry-After", "10")), options => options.TotalTimeout = TimeSpan.FromSeconds(9));

        using var response = await client.SendAsync(Get().SetAdaptiveRetryTotalTimeout(TimeSpan.FromSeconds(15)));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(2));
    }

    [Test]
    public void SetAdaptiveRetryTotalTimeout_AttemptHangs_TimesOut()
    {
        var options = new AdaptiveRetryOptions();
        using var client = new HttpMessageInvoker(
            new AdaptiveRetryHandler(options, _time) { InnerHandler = new HangingHandler(static () => true) });

        var thrown = Assert.ThrowsAsync<TaskCanceledException>(() => _time.RunAsync(client.SendAsync(
            Get().SetAdaptiveRetryTotalTimeout(TimeSpan.FromSeconds(2)), CancellationToken.None)));

        Assert.That(thrown!.InnerException, Is.InstanceOf<TimeoutException>());
        Assert.That(_time.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(2)));
    }

    [TestCase(0)]
    [TestCase(101)]
    public void SetAdaptiveRetryMaxAttempts_OutOfRange_Throws(int attempts) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Get().SetAdaptiveRetryMaxAttempts(attempts));

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(86_401)]
    public void SetAdaptiveRetryTotalTimeout_OutOfRange_Throws(int seconds) => Assert.Throws<ArgumentOutOfRangeException>(
        () => Get().SetAdaptiveRetryTotalTimeout(TimeSpan.FromSeconds(seconds)));

    [TestCase(1)]
    [TestCase(100)]
    public void SetAdaptiveRetryMaxAttempts_BoundsOfTheRange_AreAllowed(int attempts) =>
        Assert.That(() => Get().SetAdaptiveRetryMaxAttempts(attempts), Throws.Nothing);

    [TestCase(0.001)]
    [TestCase(86_400)]
    public void SetAdaptiveRetryTotalTimeout_BoundsOfTheRange_AreAllowed(double seconds) => Assert.That(
        () => Get().SetAdaptiveRetryTotalTimeout(TimeSpan.FromSeconds(seconds)), Throws.Nothing);

    [Test]
    public void Extensions_NullArgument_ThrowAndNameIt()
    {
        HttpRequestMessage none = null!;

        Assert.Multiple(() =>
        {
            AssertNames("request", () => none.DisableAdaptiveRetry());
            AssertNames("request", () => none.MarkRepeatable());
            AssertNames("request", () => none.SetAdaptiveRetryMaxAttempts(2));
            AssertNames("request", () => none.SetAdaptiveRetryTotalTimeout(TimeSpan.FromSeconds(1)));
            AssertNames("request", () => none.SetAdaptiveRetryPartition("key"));
            AssertNames("key", () => Get().SetAdaptiveRetryPartition(null!));
        });
    }

    private static void AssertNames(string parameter, Action action) => Assert.That(
        action, Throws.ArgumentNullException.With.Property(nameof(ArgumentException.ParamName)).EqualTo(parameter));

    private static HttpRequestMessage Get() => new(HttpMethod.Get, "http://upstream.test/");

    private ClientUnderTest Client(
        Func<HttpRequestMessage, HttpResponseMessage> step, Action<AdaptiveRetryOptions>? configure = null) =>
        new(_time, new ScriptedHandler(_time, step), options =>
        {
            options.MaxAttempts = 3;
            configure?.Invoke(options);
        });
}
