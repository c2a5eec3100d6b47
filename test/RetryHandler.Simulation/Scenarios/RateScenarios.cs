namespace RetryHandler.Simulation.Scenarios;

/// <summary>Upstreams with a rate.</summary>
internal static class RateScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("1", "bucket 200/s, burst 20, 20 ms; 64 callers, 2,000 calls", new ClosedLoad(64, 2000), Bucket(200, 20))
        {
            Latency = 0.02,
            Goals = Goal.Of(0.95, 0.035, tail: 1),
            Orientation = "0.54 / 3.0 %, p99 4.7 s",
        },
        new("2", "the same; 64 callers, 12,000 calls", new ClosedLoad(64, 12_000), Bucket(200, 20))
        {
            Latency = 0.02,
            Goals = Goal.Of(0.98, 0.01),
            Orientation = "0.85 / 0.6 %",
        },
        new("3", "bucket 20/s, burst 20; 50 workers, 300 s", new ClosedLoad(50), Bucket(20, 20))
        {
            Seconds = 300,
            Goals = Goal.Of(0.99, 0.01),
            Orientation = "1.00 / 2 %",
        },
        new("4", "bucket 1/s, burst 5; 10 workers, 600 s", new ClosedLoad(10), Bucket(1, 5))
        {
            Seconds = 600,
            Goals = Goal.Of(0.98, 0.15),
            Orientation = "1.00 / 36 %",
        },
        new("5", "bucket 1000/s, burst 1000; 400 workers, 60 s", new ClosedLoad(400), Bucket(1000, 1000))
        {
            Seconds = 60,
            Goals = Goal.Of(0.98, 0.01),
            Orientation = "0.36-0.42 / 0.4-3 %",
        },
        new("6", "bucket 100/s, burst 100, 500 ms; 150 workers, 100 s", new ClosedLoad(150), Bucket(100, 100))
        {
            Seconds = 100,
            Latency = 0.5,
            Goals = Goal.Of(0.98, 0.02),
            Orientation = "0.43 / 18 %",
        },
    ];

    public static Func<SimulationRun, IUpstream> Bucket(Steps rate, double burst, bool hint = false) =>
        run => new TokenBucketUpstream(run, rate, burst, hint);
}
