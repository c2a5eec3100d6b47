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
            Assert.That(
                totals.Attempts.Throttled + totals.Attempts.Transient,
                Is.EqualTo(upstream.Count(429) + upstream.Count(503)));
            Assert.That(totals.Attempts.Permanent, Is.EqualTo(upstream.Count(404)));

            Assert.That(metrics.Total("adaptive_retry.calls"), Is.EqualTo(totals.Calls));
            Assert.That(metrics.Total("adaptive_retry.stops"), Is.EqualTo(totals.Failed));
            Assert.That(metrics.Total("adaptive_retry.attempts"), Is.EqualTo(upstream.Attempts));
            foreach (var status in new[] { 200, 404, 429, 503 })
            {
                Assert.That(
                    metrics.Total("adaptive_retry.attempts", $"status_code={status}"),
                    Is.EqualTo(upstream.Count(status)), $"{status}");
            }

            // A bare 503 among acceptances is taken for the sign of a limit on concurrency.
            Assert.That(
                metrics.Total("adaptive_retry.throttles", "rule=status-429"), Is.EqualTo(upstream.Count(429)));
            Assert.That(
                metrics.Total("adaptive_retry.throttles", "rule=concurrency-limit"),
                Is.EqualTo(upstream.Count(503) - totals.Attempts.Transient));
            AgreeOnKinds(metrics, totals);
            Assert.That(metrics.Count("adaptive_retry.backoff.duration"), Is.EqualTo(
                totals.TransientRetries + totals.ThrottledRetries));
            foreach (var (reason, count) in totals.Stops)
            {
                Assert.That(
                    metrics.Total("adaptive_retry.stops", $"reason={reason}"), Is.EqualTo(count), $"{reason}");
            }
        });
    }

    private static void AgreeOnKinds(CollectedMetrics metrics, CallTotals totals)
    {
        var attempts = totals.Attempts;
        var kinds = new Dictionary<string, (long Attempts, long Retries)>
        {
            ["None"] = (attempts.Succeeded, 0),
            ["Transient"] = (attempts.Transient, totals.TransientRetries),
            ["Throttled"] = (attempts.Throttled, totals.ThrottledRetries),
            ["QuotaExhausted"] = (attempts.QuotaExhausted, 0),
            ["Permanent"] = (attempts.Permanent, 0),
            ["Abandoned"] = (attempts.Abandoned, 0),
        };
        foreach (var (kind, expected) in kinds)
        {
            var counted = (
                metrics.Total("adaptive_retry.attempts", $"kind={kind}"),
                metrics.Total("adaptive_retry.retries", $"kind={kind}"));
            Assert.That(counted, Is.EqualTo(((double)expected.Attempts, (double)expected.Retries)), kind);
        }
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
