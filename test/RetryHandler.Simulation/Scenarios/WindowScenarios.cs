namespace RetryHandler.Simulation.Scenarios;

/// <summary>Upstreams that count calls per window, and one that counts calls at the same time.</summary>
internal static class WindowScenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("7", "window 600 per 3 s, Retry-After; 64 callers, 12,000 calls", new ClosedLoad(64, 12_000),
            Window(600, 3, hint: true))
        {
            Goals = Goal.Of(0.95, 0.03, tail: 3.5),
            Orientation = "0.42 / 1.7 %, p99 6.5 s",
        },
        new("8", "window 600 per 3 s, no Retry-After; 64 callers, 12,000 calls", new ClosedLoad(64, 12_000),
            Window(600, 3, hint: false))
        {
            Goals = Goal.Of(0.92, 0.05),
            Orientation = "0.40 / 1.7 %",
        },
        new("9", "window 100 per 60 s, Retry-After; 10 workers, 20 min", new ClosedLoad(10),
            Window(100, 60, hint: true))
        {
            Seconds = 1200,
            Goals = Goal.Of(0.99, 0.01),
            Orientation = "1.00 / 9-27 %",
        },
        Slots("10", "16 slots, exponential 100 ms then 400 ms, 503; 64 workers, 300 s"),
    ];

    /// <summary>
    /// Gets the two halves of row 10 with so many workers, whom nothing else limits: what the best choice of a limit
    /// could reach.
    /// </summary>
    public static IReadOnlyList<Scenario> FixedWorkers { get; } =
    [
        .. new[] { 18, 19, 20, 21, 22 }.Select(static n => Fixed($"10-100ms-{n}", n, 0.1)),
        .. new[] { 14, 15, 16, 17, 18 }.Select(static n => Fixed($"10-400ms-{n}", n, 0.4)),
    ];

    /// <summary>
    /// Makes row 10. The round trip of 50 ms comes on top of the service time: without it, whoever keeps 16 calls in
    /// flight would never be refused.
    /// </summary>
    public static Scenario Slots(string row, string name) =>
        new(row, name, new ClosedLoad(64),
            static run => new ConcurrencyUpstream(run, 16, new Steps((0, 0.1), (150, 0.4))))
        {
            Seconds = 300,
            Goals = Goal.Of(0.85, 0.05),
            Orientation = "0.52 / 0.6 % (503 taken for a throttle)",
        };

    private static Func<SimulationRun, IUpstream> Window(int count, double period, bool hint) =>
        run => new FixedWindowUpstream(run, count, period, hint);

    private static Scenario Fixed(string row, int workers, double serviceTime) =>
        Slots(row, $"16 slots, exponential {1000 * serviceTime} ms; {workers} workers, 300 s") with
        {
            Load = new ClosedLoad(workers),
            Upstream = run => new ConcurrencyUpstream(run, 16, serviceTime),
            Configure = static options => options.Mode = RetryMode.Standard,
        };
}
