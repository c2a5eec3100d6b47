namespace RetryHandler.Simulation.Scenarios;

/// <summary>Limits with hardly any burst, refusals at random, and networks that are not even.</summary>
internal static class IrregularScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        SmallBurst("21", 20, 1, 0.8),
        SmallBurst("22", 20, 2, 0.88),
        SmallBurst("23", 2, 1, 0.88),
        SmallBurst("24", 200, 3, 0.88),
        Slow("47", 0.3, 1, 0.9),
        Slow("48", 0.3, 3, 0.98),
        Random("25", 0.01, 0.95),
        Random("26", 0.05, 0.9),
        Random("27", 0.1, 0.85),
        Random("28", 0.2, 0.7),
        new("29", "window 600 per 3 s, Retry-After, 2 % 500s; 64 workers, 120 s", new ClosedLoad(64),
            static run => new UnreliableUpstream(
                run, new FixedWindowUpstream(run, 600, 3, hint: true), 0.02, new Answer(500)))
        {
            Seconds = 120,
            Goals = Goal.Of(0.9, 0.05),
        },
        new("30", "bucket 200/s, burst 20, round trips of 10 to 200 ms; 64 workers, 120 s", new ClosedLoad(64),
            RateScenarios.Bucket(200, 20))
        {
            Seconds = 120,
            Latency = 0.105,
            Jitter = 0.9,
            Goals = Goal.Of(0.95, 0.02),
        },
        new("31", "refusals of 20 % at random, no limit, 1 ms; 50 callers, 500 calls", new ClosedLoad(50, 500),
            static run => new UnreliableUpstream(
                run, new TokenBucketUpstream(run, 100, 1000), 0.2, Answer.TooMany))
        {
            Latency = 0.001,
            Goals = [Limit.AtMost(Figure.Failed, 0)],
        },
        Unavailable("32", 0.02),
        Unavailable("33", 0.05),
        Unavailable("34", 0.1),
        Unavailable("35", 0.3),
        Unavailable("36", 0.1, workers: 5),
        new("37", "bucket 50/s, burst 20, always Retry-After: 5; 50 workers, 300 s", new ClosedLoad(50),
            static run => new TokenBucketUpstream(run, 50, 20, hint: true, leastHint: 5))
        {
            Seconds = 300,
            Goals = Goal.Of(0.9, 0.05),
        },
        new("38", "bucket 50, 15, 50/s, burst 10, 20 ms, steps at 7 and 15 s; 40 workers, 60 s", new ClosedLoad(40),
            RateScenarios.Bucket(new Steps((0, 50), (7, 15), (15, 50)), 10))
        {
            Seconds = 60,
            Latency = 0.02,
            Goals = [.. Goal.Of(0.9, 0.05), Limit.AtMost("15 to 50", 5)],
            Extras = static run => [Figure.Seconds("15 to 50", Extras.TimeToRate(run, 15, 50))],
        },
        Demand("40", "open loop of 47/s, 300 s", new OpenLoad(47), 300, tail: 2.5),
        Demand("41", "20 calls at once every 10 s, 600 s", Batches(20), 610, tail: 1),
        Demand("42", "100 calls at once every 10 s, 600 s", Batches(100), 610, tail: 2.5),
        WindowScenarios.Slots("43", "row 10 with 429s that speak of concurrency") with
        {
            Upstream = static run => new ConcurrencyUpstream(
                run, 16, new Steps((0, 0.1), (150, 0.4)), refusal: Answer.TooManyAtOnce),
            Goals = Goal.Of(0.8, 0.05),
        },
        SecondWindow("49", 100, 0.05),
        SecondWindow("50", 100, 0.005),
        SecondWindow("51", 500, 0.005),
        Misnamed("44", 50, 50),
        Misnamed("45", 200, 20),
    ];

    /// <summary>A window that is too short to be told from a bucket, and says "a second" whatever is left of it.</summary>
    private static Scenario SecondWindow(string row, int count, double latency) =>
        new(row, $"window {count} per 1 s, Retry-After: 1, {1000 * latency} ms; 64 workers, 120 s", new ClosedLoad(64),
            run => new FixedWindowUpstream(run, count, 1, hint: true))
        {
            Seconds = 120,
            Latency = latency,
            Goals = Goal.Of(0.9, 0.05),
        };

    /// <summary>A rate that the upstream calls a limit on concurrency.</summary>
    private static Scenario Misnamed(string row, double rate, double burst) =>
        new(row, $"bucket {rate}/s, burst {burst}, 429s that speak of concurrency; 50 workers, 300 s",
            new ClosedLoad(50),
            run => new TokenBucketUpstream(run, rate, burst, refusal: Answer.TooManyAtOnce))
        {
            Seconds = 300,
            Goals = Goal.Of(0.98, 0.05),
        };

    /// <summary>Callers who do not always want to send, and so hold the rate down.</summary>
    private static Scenario Demand(string row, string name, ILoad load, double seconds, double tail) =>
        new(row, $"bucket 50/s, burst 5, 20 ms; {name}", load, RateScenarios.Bucket(50, 5))
        {
            Seconds = seconds,
            Latency = 0.02,
            Goodput = Goodput.OfCalls,
            Goals = Goal.Of(0.99, 0.03, tail),
        };

    private static ScheduledLoad Batches(int size) =>
        new([.. Enumerable.Range(0, 60 * size).Select(call => 1.0 + (10 * (call / size)))]);

    private static Scenario SmallBurst(string row, double rate, double burst, double goodput) =>
        new(row, $"bucket {rate}/s, burst {burst}; 20 workers, 300 s", new ClosedLoad(20),
            RateScenarios.Bucket(rate, burst))
        {
            Seconds = 300,
            Goals = Goal.Of(goodput, 0.05),
        };

    private static Scenario Slow(string row, double rate, double burst, double goodput) =>
        new(row, FormattableString.Invariant($"bucket {rate}/s, burst {burst}; 5 workers, 1,800 s"), new ClosedLoad(5),
            RateScenarios.Bucket(rate, burst))
        {
            Seconds = 1800,
            Goals = Goal.Of(goodput, 0.08),
        };

    /// <summary>An upstream without a limit, of which some answers are a bare 503: nothing to slow down for.</summary>
    private static Scenario Unavailable(string row, double share, int workers = 50) =>
        new(row, $"no limit, {share:P0} bare 503s at random; {workers} workers, 120 s", new ClosedLoad(workers),
            run => new UnreliableUpstream(run, new TokenBucketUpstream(run, 10_000, 10_000), share, new Answer(503)))
        {
            Seconds = 120,

            // Of what the workers could do if no call needed a second attempt.
            Goodput = run =>
                run.Recorder.Calls.Count(static call => call.Succeeded) / run.Duration / (workers / run.Scenario.Latency),
            Goals = [Limit.AtLeast(Figure.Goodput, 0.95 * (1 - (2 * share)))],
        };

    private static Scenario Random(string row, double share, double goodput) =>
        new(row, $"bucket 50/s, burst 50, {share:P0} refused at random; 50 workers, 300 s", new ClosedLoad(50),
            run => new UnreliableUpstream(run, new TokenBucketUpstream(run, 50, 50), share, Answer.TooMany))
        {
            Seconds = 300,
            Goals = Goal.Of(goodput, share + 0.03),
        };
}
