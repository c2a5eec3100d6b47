using System.Net;
using static RetryHandler.Tests.Support.ScriptedHandler;

namespace RetryHandler.Tests.Retry;

/// <summary>A retry that was planned, and for which the queue had no place left when it was due.</summary>
[TestFixture]
[CancelAfter(30_000)]
internal sealed class HeldBackRetryTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly ManualTimeProvider _time = new(Start);

    [Test]
    public async Task SendAsync_QueueFullWhenTheRetryIsDue_TellsTheStatusOfTheAttemptBefore()
    {
        using var client = Client(Status(500), Status(200));

        var refused = await RefusedAsync(client);

        Assert.Multiple(() =>
        {
            Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
            Assert.That(refused.InnerException, Is.Null);
            Assert.That(refused.Message, Does.Contain("HttpClient 'test'").And.EndsWith("answered with status 500."));
        });
    }

    [Test]
    public async Task SendAsync_QueueFullWhenTheRetryIsDue_TellsTheExceptionOfTheAttemptBefore()
    {
        var broken = new HttpRequestException("connection reset");
        using var client = Client(Throw(() => broken), Status(200));

        var refused = await RefusedAsync(client);

        Assert.Multiple(() =>
        {
            Assert.That(refused.StatusCode, Is.Null);
            Assert.That(refused.InnerException, Is.SameAs(broken));
            Assert.That(refused.Message, Does.EndWith("failed: connection reset"));
        });
    }

    /// <summary>One call a second: another takes the only place in the queue while the first one backs off.</summary>
    private async Task<SendRateLimitedException> RefusedAsync(ClientUnderTest client)
    {
        var first = client.Start(Request());
        while (client.Limiter.State.Waiting > 0 || client.Upstream.Attempts.Count == 0)
        {
            await Task.Yield();
        }

        await VirtualTime.SettleAsync();
        var second = client.Start(Request());
        Assert.That(client.Limiter.State.Waiting, Is.EqualTo(1));

        var refused = Assert.ThrowsAsync<SendRateLimitedException>(() => _time.RunAsync(first));
        Assert.That(client.Upstream.Attempts, Has.Count.LessThanOrEqualTo(2), "the first one's, perhaps the second's");
        Assert.That(refused.ClientName, Is.EqualTo("test"));
        Assert.That(refused.RetryAt, Is.EqualTo(Start + TimeSpan.FromSeconds(2)).Within(TimeSpan.FromSeconds(0.1)));
        Assert.That(client.Quota.Available, Is.EqualTo(500), "what was paid for the retry");

        using var response = await _time.RunAsync(second);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        return refused;
    }

    private static HttpRequestMessage Request() => new(HttpMethod.Get, "http://upstream.test/");

    private ClientUnderTest Client(params Func<HttpRequestMessage, HttpResponseMessage>[] steps) =>
        new(_time, new ScriptedHandler(_time, steps), options =>
        {
            options.SendRate.InitialRate = 1;
            options.SendRate.QueueLimit = 1;

            // Sooner than the token that the second call waits for.
            options.Transient.MaxDelay = TimeSpan.FromSeconds(0.5);
        });
}
