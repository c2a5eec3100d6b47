using static RetryHandler.Tests.Support.ScriptedHandler;

namespace RetryHandler.Tests.Retry;

[TestFixture]
internal sealed class ServerDelayTests
{
    private readonly ManualTimeProvider _time = new();

    [TestCase(0, 2.0)]
    [TestCase(0.5, 2.5)]
    [TestCase(0.99, 2.99)]
    public async Task SendAsync_RetryAfterSeconds_WaitsThatLongOrALittleLonger(double random, double seconds)
    {
        using var client = Client([Status(503, null, ("Retry-After", "2")), Status(200)], random: random);

        using var response = await client.GetAsync();

        Assert.That(client.Upstream.Attempts[1].At, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
    }

    [Test]
    public async Task SendAsync_RetryAfterDate_CountsFromTheServersOwnClock()
    {
        // The server's clock is an hour ahead; it means 30 seconds.
        using var client = Client(
            [
                Status(
                    503,
                    null,
                    ("Date", "Sat, 21 Nov 2026 13:00:00 GMT"),
                    ("Retry-After", "Sat, 21 Nov 2026 13:00:30 GMT")),
                Status(200),
            ],
            random: 0);

        using var response = await client.GetAsync();

        Assert.That(client.Upstream.Attempts[1].At, Is.EqualTo(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public async Task SendAsync_RetryAfterShorterThanBackoff_WaitsTheBackoff()
    {
        using var client = Client(
            [Status(503, null, ("Retry-After", "1")), Status(200)],
            o => o.Transient.BaseDelay = TimeSpan.FromSeconds(10));

        using var response = await client.GetAsync();

        Assert.That(client.Upstream.Attempts[1].At, Is.EqualTo(TimeSpan.FromSeconds(10)));
    }

    [TestCase("61")]
    [TestCase("86400")]
    [TestCase("2147483647")]
    [TestCase("99999999999")]
    public async Task SendAsync_RetryAfterBeyondTheCap_ReturnsTheResponseAtOnce(string seconds)
    {
        using var client = Client([Status(503, "busy", ("Retry-After", seconds))]);

        using var response = await client.GetAsync();

        var body = await response.Content.ReadAsStringAsync();
        Assert.Multiple(() =>
        {
            Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(1));
            Assert.That(_time.Elapsed, Is.EqualTo(TimeSpan.Zero));
            Assert.That(body, Is.EqualTo("busy"));
            Assert.That(
                response.GetAdaptiveRetryInfo().StopReason,
                Is.AnyOf(RetryStopReason.ServerDelayTooLong, RetryStopReason.UpstreamQuotaExhausted));
        });
    }

    [Test]
    public async Task SendAsync_RetryAfterOutlastsTotalTimeout_ReturnsTheResponseAtOnce_Extensions7701()
    {
        using var client = Client(
            [Status(429, "slow down", ("Retry-After", "60"))], o => o.TotalTimeout = TimeSpan.FromSeconds(30));

        using var response = await client.GetAsync();

        Assert.Multiple(() =>
        {
            Assert.That((int)response.StatusCode, Is.EqualTo(429));
            Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(1));
            Assert.That(response.GetAdaptiveRetryInfo().StopReason, Is.EqualTo(RetryStopReason.DeadlineTooNear));
        });
    }

    [TestCase("1500", 1.5)]
    [TestCase("0", 0.05)]
    [TestCase("10000", 5.05)]
    [TestCase("invalid", 0.05)]
    [TestCase("-100", 0.05)]
    [TestCase("1.5", 0.05)]
    [TestCase("99999999999999999999", 0.05)]
    public async Task SendAsync_AmzRetryAfter_MovesTheWaitByAtMostFiveSeconds(string milliseconds, double seconds)
    {
        using var client = Client([Status(500, null, ("x-amz-retry-after", milliseconds)), Status(200)]);

        using var response = await client.GetAsync();

        Assert.That(
            client.Upstream.Attempts[1].At,
            Is.EqualTo(TimeSpan.FromSeconds(seconds)).Within(TimeSpan.FromMilliseconds(1)));
    }

    [Test]
    public async Task SendAsync_RetryAfterOnPermanentFailure_DoesNotMakeItRetryable()
    {
        using var client = Client([Status(404, null, ("Retry-After", "1"))]);

        using var response = await client.GetAsync();

        Assert.That(client.Upstream.Attempts, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task SendAsync_ServerDelayDisabled_WaitsTheBackoffOnly()
    {
        using var client = Client(
            [Status(503, null, ("Retry-After", "30")), Status(200)], o => o.ServerDelay.Enabled = false);

        using var response = await client.GetAsync();

        Assert.That(client.Upstream.Attempts[1].At, Is.EqualTo(TimeSpan.FromMilliseconds(50)));
    }

    private ClientUnderTest Client(
        Func<HttpRequestMessage, HttpResponseMessage>[] steps,
        Action<AdaptiveRetryOptions>? configure = null,
        double random = 1) => new(_time, new ScriptedHandler(_time, steps), configure, random);
}
