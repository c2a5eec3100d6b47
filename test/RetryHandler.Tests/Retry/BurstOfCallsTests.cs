using System.Net;
using RetryHandler.State;

namespace RetryHandler.Tests.Retry;

/// <summary>
/// Many calls at once meet an upstream with a small burst. Their retries are paced by the limiter, so they must not use
/// up the quota as a storm of retries would.
/// </summary>
[TestFixture]
[CancelAfter(120_000)]
internal sealed class BurstOfCallsTests
{
    private const int Calls = 200;
    private readonly ManualTimeProvider _time = new();

    [Test]
    public async Task SendAsync_200CallsOnABurstOf20_AllSucceed()
    {
        var (failed, attempts, quotaLeft) = await RunAsync(static _ => { });

        TestContext.Out.WriteLine($"{failed} failed, {attempts} attempts in {_time.Elapsed.TotalSeconds:F1} s");
        Assert.That(failed, Is.Zero);
        Assert.That(quotaLeft, Is.EqualTo(500), "left for failures that are not paced");
        Assert.That(attempts, Is.LessThan(2.5 * Calls), "no storm: nearly each call is refused once, by the burst");
    }

    /// <summary>Why the default differs from that of the AWS SDKs, whose cost is 5 in their adaptive mode too.</summary>
    [Test]
    public async Task SendAsync_CostOfTheAwsSdks_UsesUpTheQuotaAndFailsCalls()
    {
        var (failed, _, _) = await RunAsync(static options => options.Quota.ThrottledCost = 5);

        TestContext.Out.WriteLine($"{failed} failed");

        // 20 are accepted, and 500 tokens pay for 100 retries, or some more if successes came in before.
        Assert.That(failed, Is.InRange(Calls - 20 - 100 - 10, Calls - 20 - 100));
    }

    private async Task<(int Failed, int Attempts, int QuotaLeft)> RunAsync(Action<AdaptiveRetryOptions> configure)
    {
        var options = new AdaptiveRetryOptions();
        configure(options);
        var state = new ClientState("test", options, _time);
        var upstream = new SmallBurst(_time);
        using var client = new HttpMessageInvoker(new AdaptiveRetryHandler(state) { InnerHandler = upstream });
        var calls = Enumerable.Range(0, Calls).Select(_ => client.SendAsync(
            new HttpRequestMessage(HttpMethod.Get, "http://upstream.test/"), CancellationToken.None)).ToList();
        var responses = await _time.RunAsync(Task.WhenAll(calls));
        return (
            responses.Count(static response => !response.IsSuccessStatusCode), upstream.Attempts, state.Quota.Available);
    }

    /// <summary>A token bucket of 200/s and a burst of 20, 50 ms away: all calls arrive before the first answer.</summary>
    private sealed class SmallBurst(ManualTimeProvider time) : HttpMessageHandler
    {
        private readonly Lock _gate = new();
        private double _tokens = 20;
        private TimeSpan _last;

        public int Attempts { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
            return new HttpResponseMessage(TryTake() ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests);
        }

        private bool TryTake()
        {
            lock (_gate)
            {
                Attempts++;
                _tokens = Math.Min(20, _tokens + (200 * (time.Elapsed - _last).TotalSeconds));
                _last = time.Elapsed;
                var isAccepted = _tokens >= 1;
                _tokens -= isAccepted ? 1 : 0;
                return isAccepted;
            }
        }
    }
}
