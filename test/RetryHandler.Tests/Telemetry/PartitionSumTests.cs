using System.Net;

namespace RetryHandler.Tests.Telemetry;

/// <summary>What the partitions of a client show adds up to what the client shows.</summary>
[CancelAfter(60_000)]
public sealed class PartitionSumTests
{
    private const int Callers = 64;
    private const int CallsEach = 30;
    private static readonly string[] Keys = ["a", "b", "c", "d"];

    [Test]
    public async Task Snapshot_64CallersInFiveParts_SumsUpToTheClient()
    {
        var time = new ManualTimeProvider();
        using var upstream = new KeyedUpstream();
        using var client = new ObservedClient(time, upstream, static options =>
            options.Partition.KeySelector = static request => KeyOf(request));

        await time.RunAsync(Task.WhenAll(Enumerable.Range(0, Callers).Select(
            caller => Task.Run(() => CallManyAsync(client, caller)))));

        var whole = client.Snapshot;
        var parts = whole.Partitions;
        Assert.That(parts.Select(static part => part.Key), Is.EquivalentTo(Keys.Append(null)));
        Assert.That(whole.Totals.Calls, Is.EqualTo(Callers * CallsEach));
        Assert.That(whole.Totals.Attempts.Total, Is.EqualTo(upstream.Attempts));
        Assert.That(parts.Select(static part => part.Totals.Calls), Has.None.Zero);
        foreach (var (name, of) in Figures)
        {
            Assert.That(parts.Sum(part => of(part.Totals)), Is.EqualTo(of(whole.Totals)), name);
        }

        foreach (var reason in Enum.GetValues<RetryStopReason>())
        {
            Assert.That(
                parts.Sum(part => part.Totals.Stops.GetValueOrDefault(reason)),
                Is.EqualTo(whole.Totals.Stops.GetValueOrDefault(reason)), $"{reason}");
        }

        Assert.That(parts.Sum(static part => part.Quota.Available), Is.EqualTo(whole.Quota.Available));
        Assert.That(parts.Sum(static part => part.Quota.Capacity), Is.EqualTo(whole.Quota.Capacity));
        Assert.That(parts.Sum(static part => part.SendRate.SendRate), Is.EqualTo(whole.SendRate.SendRate));
        Assert.That(parts.Sum(static part => part.SendRate.Tokens), Is.EqualTo(whole.SendRate.Tokens).Within(1e-9));
        AssertGauges(client.Metrics, whole);
    }

    private static Dictionary<string, Func<CallTotals, long>> Figures => new()
    {
        ["calls"] = static totals => totals.Calls,
        ["succeeded"] = static totals => totals.Succeeded,
        ["failed"] = static totals => totals.Failed,
        ["transient retries"] = static totals => totals.TransientRetries,
        ["throttled retries"] = static totals => totals.ThrottledRetries,
        ["attempts that succeeded"] = static totals => totals.Attempts.Succeeded,
        ["transient attempts"] = static totals => totals.Attempts.Transient,
        ["throttled attempts"] = static totals => totals.Attempts.Throttled,
        ["permanent attempts"] = static totals => totals.Attempts.Permanent,
        ["all attempts"] = static totals => totals.Attempts.Total,
    };

    private static void AssertGauges(CollectedMetrics metrics, ClientSnapshot whole)
    {
        double Value(string gauge) => metrics.Gauge($"adaptive_retry.{gauge}").Values.Single();
        double Partitions(string gauge) => metrics.Gauge($"adaptive_retry.{gauge}").Values.Sum();

        Assert.That(Value("partitions"), Is.EqualTo(Keys.Length + 1));
        Assert.That(Partitions("limiter.state"), Is.EqualTo(Keys.Length + 1), "each is in one state");
        Assert.That(Partitions("limit.kind"), Is.EqualTo(Keys.Length + 1), "each has one kind of limit");
        Assert.That(metrics.Gauge("adaptive_retry.limiter.state")["state=Limiting"], Is.EqualTo(
            whole.Partitions.Count(static part => part.SendRate.State == LimiterState.Limiting)));
        Assert.That(Value("send_rate"), Is.EqualTo(whole.SendRate.SendRate));
        Assert.That(Value("measured_rate"), Is.EqualTo(whole.SendRate.MeasuredRate));
        Assert.That(Value("tokens"), Is.EqualTo(whole.SendRate.Tokens));
        Assert.That(Value("waiting"), Is.EqualTo(whole.SendRate.Waiting));
        Assert.That(Value("quota.available"), Is.EqualTo(whole.Quota.Available));
        Assert.That(Value("quota.capacity"), Is.EqualTo(whole.Quota.Capacity));
        Assert.That(Value("amplification"), Is.EqualTo(whole.Totals.Amplification));
        Assert.That(metrics.Total("adaptive_retry.attempts"), Is.EqualTo(whole.Totals.Attempts.Total));
    }

    private static async Task CallManyAsync(ObservedClient client, int caller)
    {
        for (var i = 0; i < CallsEach; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "http://upstream.test/");
            var key = (caller + i) % (Keys.Length + 1);
            request.Headers.Add("X-Key", key < Keys.Length ? Keys[key] : "");
            using var response = await client.Http.SendAsync(request);
        }
    }

    /// <summary>Calls without a key are those of the default partition.</summary>
    private static string? KeyOf(HttpRequestMessage request) =>
        request.Headers.GetValues("X-Key").Single() is { Length: > 0 } key ? key : null;

    /// <summary>Answers each key in its own way.</summary>
    private sealed class KeyedUpstream : HttpMessageHandler
    {
        private int _attempts;

        public int Attempts => Volatile.Read(ref _attempts);

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var number = Interlocked.Increment(ref _attempts);
            await Task.Yield();
            var status = KeyOf(request) switch
            {
                "a" => number % 5 == 0 ? 429 : 200,
                "b" => number % 7 == 0 ? 500 : 200,
                "c" => number % 9 == 0 ? 404 : 200,
                _ => 200,
            };
            return new HttpResponseMessage((HttpStatusCode)status) { RequestMessage = request };
        }
    }
}
