namespace RetryHandler.Simulation.Scenarios;

/// <summary>Several processes, changing capacity, and overload.</summary>
internal static class SharedScenarios
{
    private const double Joined = 120;
    private const double Trigger = 60;
    private const double Healed = 80;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("11", "8 processes share a bucket of 40/s, burst 40; a 9th joins at 120 s; 20 workers each, 240 s",
            new ClosedLoad(20, startOf: index => index == 8 ? Joined : 0), RateScenarios.Bucket(40, 40))
        {
            Seconds = 240,
            Processes = 9,
            Goals = [.. Goal.Of(0.98, 0.03), Limit.AtLeast("Jain of 8", 0.95), Limit.AtLeast("Jain of 9", 0.95)],
            Orientation = "1.00 / 10 %, Jain 0.99",

            // 30 seconds to settle: after the start, and after the ninth came.
            Extras = static run =>
            [
                Figure.Ratio("Jain of 8", Extras.Jain(run, 8, 30, Joined)),
                Figure.Ratio("Jain of 9", Extras.Jain(run, 9, Joined + 30, 240)),
            ],
        },
        new("12", "bucket 50, 10, 50, 200/s, burst 20, steps at 120, 240, 360 s; 150 workers, 480 s",
            new ClosedLoad(150), RateScenarios.Bucket(new Steps((0, 50), (120, 10), (240, 50), (360, 200)), 20))
        {
            Seconds = 480,
            Goals = [.. Goal.Of(0.98, 0.015), Limit.AtMost("10 to 50", 5), Limit.AtMost("50 to 200", 5)],
            Orientation = "0.61 / 1.8 %",
            Extras = static run =>
            [
                Figure.Seconds("10 to 50", Extras.TimeToRate(run, 240, 50)),
                Figure.Seconds("50 to 200", Extras.TimeToRate(run, 360, 200)),
            ],
        },
        Overload("13a", "FIFO server 100/s, timeout 1 s, 10 processes, 70/s in all, 30/s for 20 s", 7, 30),
        Overload("13b", "the same, 90/s in all", 9, 120),
    ];

    /// <param name="row">The row.</param>
    /// <param name="name">What the table shows.</param>
    /// <param name="rate">Calls per second of each process.</param>
    /// <param name="recovery">The longest time to health: without retries it takes 27 and 107 s, a tenth more or less
    /// by chance.</param>
    private static Scenario Overload(string row, string name, double rate, double recovery) =>
        new(row, name, new OpenLoad(rate),
            static run => new FifoUpstream(run, new Steps((0, 100), (Trigger, 30), (Healed, 100))))
        {
            Seconds = 300,
            Processes = 10,
            Configure = static options => options.AttemptTimeout = TimeSpan.FromSeconds(1),
            Goodput = Goodput.OfCalls,
            Goals = [Limit.AtMost(Figure.Attempts, 1.06), Limit.AtMost("healthy after", recovery)],
            Orientation = "recovers, amplification 1.02-1.06",
            Baselines = [Contender.Single],
            Extras = static run =>
            [
                Figure.Seconds("healthy after", Extras.TimeToHealth(run, Healed)),
                Figure.Ratio("goodput 40-160 s after trigger", Extras.SuccessShare(run, Trigger + 40, Trigger + 160)),
            ],
        };
}
