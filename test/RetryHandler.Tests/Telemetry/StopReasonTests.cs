using System.Net;
using Polly.CircuitBreaker;

namespace RetryHandler.Tests.Telemetry;

/// <summary>Every stop reason in a scenario of its own, with 64 callers at once.</summary>
[CancelAfter(60_000)]
public sealed class StopReasonTests
{
    private const int Callers = 64;

    private static readonly Dictionary<RetryStopReason, Scenario> Scenarios = new()
    {
        [RetryStopReason.NotRetryable] = new(404),
        [RetryStopReason.UpstreamQuotaExhausted] = new(429)
        {
            Body = """{"error":{"code":"insufficient_quota"}}""",
        },
        [RetryStopReason.Disabled] = new(503) { Prepare = static request => request.DisableAdaptiveRetry() },
        [RetryStopReason.AttemptsExhausted] = new(503),
        [RetryStopReason.NotReplayable] = new(503)
        {
            Method = HttpMethod.Put,
            Prepare = static request => request.Content = new StreamContent(new ForwardOnlyStream([1]))
            {
                Headers = { ContentLength = null },
            },
            Configure = static options => options.Replay.MaxBufferedBytes = 0,
        },
        [RetryStopReason.UnsafeToRepeat] = new(503) { Method = HttpMethod.Post },
        [RetryStopReason.ServerDelayTooLong] = new(503) { RetryAfter = "300" },
        [RetryStopReason.DeadlineTooNear] = new(503)
        {
            StandsStill = true,
            RetryAfter = "5",
            Configure = static options => options.TotalTimeout = TimeSpan.FromSeconds(2),
        },
        [RetryStopReason.SendRateLimited] = new(404)
        {
            Others = [RetryStopReason.NotRetryable], // The first call, for which there is a token.
            StandsStill = true,
            Configure = static options =>
            {
                options.Mode = RetryMode.Adaptive;
                (options.SendRate.InitialRate, options.SendRate.MaxWait) = (1, TimeSpan.Zero);
            },
        },
        [RetryStopReason.RetryQuotaExhausted] = new(503)
        {
            Configure = static options => (options.Quota.Enabled, options.Quota.Capacity) = (true, 14),
        },
        [RetryStopReason.CircuitOpen] = new(503)
        {
            Others = [RetryStopReason.AttemptsExhausted],
            Configure = static options =>
                (options.CircuitBreaker.Enabled, options.CircuitBreaker.MinimumThroughput) = (true, 10),
        },
        [RetryStopReason.Cancelled] = new(0) { CancelsAfter = TimeSpan.FromSeconds(1) },
        [RetryStopReason.TimedOut] = new(0)
        {
            Configure = static options => options.TotalTimeout = TimeSpan.FromSeconds(3),
        },
        [RetryStopReason.Faulted] = new(503)
        {
            Configure = static options => options.Classification.Classifiers.Add(new BrokenClassifier()),
        },
        [RetryStopReason.Vetoed] = new(503)
        {
            Configure = static options => options.OnRetry = static _ => ValueTask.FromResult(false),
        },
    };

    private static IEnumerable<RetryStopReason> Reasons =>
        Enum.GetValues<RetryStopReason>().Except([RetryStopReason.Succeeded]);

    [TestCaseSource(nameof(Reasons))]
    public async Task Stops_EveryReason_SumUpToTheFailedCallsAndAttemptsToTheUpstreams(RetryStopReason reason)
    {
        var scenario = Scenarios[reason];
        var time = new ManualTimeProvider();
        using var upstream = new CountingUpstream(scenario, time);
        using var client = new ObservedClient(time, upstream, options =>
        {
            (options.Mode, options.Quota.Enabled) = (RetryMode.Standard, false);
            scenario.Configure?.Invoke(options);
        });

        var calls = Task.WhenAll(
            Enumerable.Range(0, Callers).Select(_ => Task.Run(() => SucceedsAsync(client, scenario))));
        var outcomes = await (scenario.StandsStill ? calls : time.RunAsync(calls));

        var failed = outcomes.Count(static succeeded => !succeeded);
        var metrics = client.Metrics;
        var stops = client.Snapshot.Totals.Stops;
        Assert.That(failed, Is.EqualTo(Callers));
        Assert.That(stops.Keys, Has.Member(reason).And.SubsetOf(scenario.Others.Append(reason)));
        Assert.Multiple(() =>
        {
            Assert.That(metrics.Total("adaptive_retry.calls"), Is.EqualTo(Callers));
            Assert.That(metrics.Total("adaptive_retry.stops"), Is.EqualTo(failed));
            Assert.That(metrics.Total("adaptive_retry.stops", $"reason={reason}"), Is.EqualTo(stops[reason]));
            Assert.That(metrics.Total("adaptive_retry.stops", $"method={scenario.Method}"), Is.EqualTo(failed));
            Assert.That(metrics.Total("adaptive_retry.attempts"), Is.EqualTo(upstream.Attempts));
            Assert.That(client.Snapshot.Totals.Failed, Is.EqualTo(failed));
            Assert.That(client.Snapshot.Totals.Attempts.Total, Is.EqualTo(upstream.Attempts));
        });
    }

    private static async Task<bool> SucceedsAsync(ObservedClient client, Scenario scenario)
    {
        using var request = new HttpRequestMessage(scenario.Method, "http://upstream.test/");
        scenario.Prepare?.Invoke(request);
        using var cancellation = new CancellationTokenSource(
            scenario.CancelsAfter ?? Timeout.InfiniteTimeSpan, client.Time);
        try
        {
            using var response = await client.Http.SendAsync(request, cancellation.Token);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is OperationCanceledException or SendRateLimitedException
            or BrokenCircuitException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>What the upstream answers, and how the client is set and called.</summary>
    /// <param name="Status">The status of every answer; 0 for none, ever.</param>
    private sealed record Scenario(int Status)
    {
        public HttpMethod Method { get; init; } = HttpMethod.Get;

        public string? Body { get; init; }

        public string? RetryAfter { get; init; }

        public TimeSpan? CancelsAfter { get; init; }

        /// <summary>Gets whether the calls end without any wait, so that the clock is not moved.</summary>
        public bool StandsStill { get; init; }

        public IReadOnlyList<RetryStopReason> Others { get; init; } = [];

        public Action<HttpRequestMessage>? Prepare { get; init; }

        public Action<AdaptiveRetryOptions>? Configure { get; init; }
    }

    private sealed class CountingUpstream(Scenario scenario, TimeProvider time) : HttpMessageHandler
    {
        private int _attempts;

        public int Attempts => Volatile.Read(ref _attempts);

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _attempts);
            if (request.Content is not null)
            {
                await request.Content.CopyToAsync(Stream.Null, cancellationToken);
            }

            if (scenario.Status == 0)
            {
                await Task.Delay(TimeSpan.FromDays(1), time, cancellationToken);
            }

            await Task.Yield();
            var response = new HttpResponseMessage((HttpStatusCode)scenario.Status) { RequestMessage = request };
            response.Content = new StringContent(scenario.Body ?? "");
            if (scenario.RetryAfter is { } delay)
            {
                response.Headers.TryAddWithoutValidation("Retry-After", delay);
            }

            return response;
        }
    }

    private sealed class BrokenClassifier : IOutcomeClassifier
    {
        public AttemptVerdict? Classify(in AttemptOutcome outcome) => throw new InvalidOperationException("Broken.");
    }
}
