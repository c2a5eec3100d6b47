namespace RetryHandler.Simulation.Scenarios;

/// <summary>Rows that were added later: those that the load program runs on real sockets, and further models.</summary>
internal static class SocketScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("16", "bucket 200/s, burst 20, Retry-After: 1, 20 ms; 64 callers, 2,000 calls", new ClosedLoad(64, 2000),
            RateScenarios.Bucket(200, 20, hint: true))
        {
            Latency = 0.02,
            Goals = Goal.Of(1 / 1.1, 0.05, tail: 1.5),
        },
        new("17", "8 slots, constant 50 ms, 503; 64 callers, 2,000 calls", new ClosedLoad(64, 2000),
            static run => new ConcurrencyUpstream(run, 8, 0.05, isExponential: false))
        {
            Latency = 0.002,
            Goals = [.. Goal.Of(1 / 1.25, 0.13, tail: 1.5), Limit.AtMost(Figure.Failed, 0)],
        },
        new("18", "bucket 200/s, burst 20, 20 ms; open loop of 300/s, 2,000 calls", new OpenLoad(300, 2000),
            RateScenarios.Bucket(200, 20))
        {
            Latency = 0.02,
            Goals = [Limit.AtMost(Figure.Attempts, 1.05), Limit.AtMost(Figure.Failed, 0)],
        },
        new("19", "sliding window 100 per 10 s, Retry-After; 20 workers, 300 s", new ClosedLoad(20),
            static run => new SlidingWindowUpstream(run, 100, 10, hint: true))
        {
            Seconds = 300,
            Goals = Goal.Of(0.95, 0.03),
        },
        WindowScenarios.Slots("20", "row 10 with 503 taken for a throttle") with
        {
            Configure = static options => options.Classification.ThrottledStatusCodes.Add(503),
            Goals = [],
        },
        new("39", "row 16 with round trips of 2 ms", new ClosedLoad(64, 2000), RateScenarios.Bucket(200, 20, hint: true))
        {
            Latency = 0.002,
            Goals = Goal.Of(1 / 1.1, 0.05, tail: 1.5),
        },
        new("46", "row 39 with refusals that take 10 ms longer", new ClosedLoad(64, 2000),
            static run => new TokenBucketUpstream(run, 200, 20, hint: true, refusalTime: 0.01))
        {
            Latency = 0.002,

            // Who was accepted first sends again before anybody knows of a limit, so that all have to wait a second.
            Goals = Goal.Of(0.88, 0.05, tail: 1.5),
        },
    ];
}
