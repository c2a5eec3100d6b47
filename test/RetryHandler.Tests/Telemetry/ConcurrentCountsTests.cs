using System.Net;

namespace RetryHandler.Tests.Telemetry;

/// <summary>With 64 callers at once nothing is lost and nothing is counted twice.</summary>
[CancelAfter(60_000)]
public sealed class ConcurrentCountsTests
{
    private const int Callers = 64;
    private const int CallsEach = 50;

    [Test]
    public async Task Counts_64Callers_AgreeWithTheUpstreamAndTheCallers()
    {
        var time = new ManualTimeProvider();
        using var upstream = new MoodyUpstream();
        using var client = new ObservedClient(time, upstream, static options =>
        {
            options.Transient.BaseDelay = TimeSpan.Zero;
            options.Throttled.BaseDelay = TimeSpan.Zero;
            options.SendRate.MinRate = 1000;
            options.Quota.Capacity = 200;
        });
        var outcomes = await time.RunAsync(Task.WhenAll(Enumerable.Range(0, Callers).Select(
            caller => Task.Run(() => CallManyAsync(client, caller)))));
        var (succeeded, failed, cancelled) = outcomes.Aggregate(static (a, b) =>
            (a.Succeeded + b.Succeeded, a.Failed + b.Failed, a.Cancelled + b.Cancelled));
        var totals = client.Snapshot.Totals;
        var metrics = client.Metrics;

        Assert.That(succeeded + failed + cancelled, Is.EqualTo(Callers * CallsEach));
        Assert.That(new[] { succeeded, failed, cancelled, upstream.Attempts }, Has.None.Zero);
        Assert.Multiple(() =>
        {
            Assert.That(totals.Calls, Is.EqualTo(Callers * CallsEach));
            Assert.That(totals.Succeeded, Is.EqualTo(succeeded));
            Assert.That(totals.Failed, Is.EqualTo(failed + cancelled));
            Assert.That(totals.Stops.Values.Sum(), Is.EqualTo(failed + cancelled));
            Assert.That(totals.Stops.GetValueOrDefault(RetryStopReason.Cancelled), Is.EqualTo(cancelled));
            Assert.That(totals.Attempts.Total, Is.EqualTo(upstream.Attempts));
            Assert.That(totals.Attempts.Throttled, Is.EqualTo(upstream.Count(429)));
            Assert.That(totals.Attempts.Transient, Is.EqualTo(upstream.Count(503)));
            Assert.That(totals.Attempts.Permanent, Is.EqualTo(upstream.Count(404)));

            Assert.That(metrics.Total("adaptive_retry.calls"), Is.EqualTo(totals.Calls));
            Assert.That(metrics.Total("adaptive_retry.stops"), Is.EqualTo(totals.Failed));
            Assert.That(metrics.Total("adaptive_retry.attempts"), Is.EqualTo(upstream.Attempts));
            Assert.That(metrics.Sums("adaptive_retry.throttles"), Is.EqualTo(
                new Dictionary<string, double> { ["rule=status-429"] = upstream.Count(429) }));
            Assert.That(metrics.Total("adaptive_retry.retries"), Is.EqualTo(
                totals.TransientRetries + totals.ThrottledRetries));
            foreach (var (reason, count) in totals.Stops)
            {
                var stops = metrics.Sums("adaptive_retry.stops")
                    .Where(entry => entry.Key.Contains($"reason={reason}", StringComparison.Ordinal));
                Assert.That(stops.Sum(static entry => entry.Value), Is.EqualTo(count), reason.ToString());
            }
        });
    }

    private static async Task<(int Succeeded, int Failed, int Cancelled)> CallManyAsync(
        ObservedClient client, int caller)
    {
        var (succeeded, failed, cancelled) = (0, 0, 0);
        for (var i = 0; i < CallsEach; i++)
        {
            using var cancellation = new CancellationTokenSource();
            using var request = new HttpRequestMessage(HttpMethod.Get, "http://upstream.test/");
            request.Options.Set(MoodyUpstream.Cancellation, (caller + i) % 16 == 0 ? cancellation : null);
            try
            {
                using var response = await client.Http.SendAsync(request, cancellation.Token);
                _ = response.IsSuccessStatusCode ? succeeded++ : failed++;
            }
            catch (OperationCanceledException)
            {
                cancelled++;
            }
            catch (SendRateLimitedException)
            {
                failed++;
            }
        }

        return (succeeded, failed, cancelled);
    }

    /// <summary>Answers in a fixed rotation of moods, and counts what it sees.</summary>
    private sealed class MoodyUpstream : HttpMessageHandler
    {
        public static readonly HttpRequestOptionsKey<CancellationTokenSource?> Cancellation = new("cancel");

        private static readonly int[] Moods = [200, 503, 200, 429, 200, 200, 404, 200, 200, 200, 503];
        private readonly int[] _counts = new int[600];
        private int _attempts;

        public int Attempts => Volatile.Read(ref _attempts);

        public int Count(int status) => Volatile.Read(ref _counts[status]);

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var number = Interlocked.Increment(ref _attempts);
            await Task.Yield();
            if (request.Options.TryGetValue(Cancellation, out var source) && source is not null)
            {
                await source.CancelAsync();
                cancellationToken.ThrowIfCancellationRequested();
            }

            var status = Moods[number % Moods.Length];
            Interlocked.Increment(ref _counts[status]);
            return new HttpResponseMessage((HttpStatusCode)status) { RequestMessage = request };
        }
    }
}
