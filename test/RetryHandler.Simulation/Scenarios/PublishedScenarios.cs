namespace RetryHandler.Simulation.Scenarios;

/// <summary>Upstreams that publish what is left of their limit, so that nothing need be refused; and some that lie.</summary>
internal static class PublishedScenarios
{
    private const double Joined = 120;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        Honest("P1", "window 600 per 3 s, IETF; 64 callers, 60 s", Window(600, 3, Publication.Ietf)),
        Honest("P2", "the same, X-RateLimit with seconds", Window(600, 3, Publication.InSeconds)),
        Honest("P3", "window 6,000 per 60 s, X-RateLimit with an instant; 300 s", Window(6000, 60, Publication.Epoch))
            with { Seconds = 300 },
        Honest("P4", "window 200 per 1 s, X-RateLimit with seconds", Window(200, 1, Publication.InSeconds)),
        Honest("P5", "window 100 per 60 s, IETF; 10 workers, 20 min", Window(100, 60, Publication.Ietf))
            with { Load = new ClosedLoad(10), Seconds = 1200 },
        Honest("P6", "bucket 200/s, burst 100, IETF", Bucket(200, 100, Publication.Ietf)),
        Honest("P7", "the same, X-RateLimit with seconds", Bucket(200, 100, Publication.InSeconds)),
        Honest("P8", "the same, X-RateLimit with fractions of seconds", Bucket(200, 100, Publication.Exact)),
        Honest("P9", "bucket 20/s, burst 60, X-RateLimit with seconds; 30 workers, 300 s",
            Bucket(20, 60, Publication.InSeconds)) with { Load = new ClosedLoad(30), Seconds = 300 },
        Honest("P10", "bucket 1000/s, burst 1000, X-RateLimit with seconds; 400 workers",
            Bucket(1000, 1000, Publication.InSeconds)) with { Load = new ClosedLoad(400) },
        Honest("P11", "bucket 100/s, burst 100, X-RateLimit with seconds, 500 ms; 90 workers, 100 s",
            Bucket(100, 100, Publication.InSeconds))
            with { Load = new ClosedLoad(90), Latency = 0.5, Seconds = 100 },
        Honest("P12", "bucket 200/s, burst 20, X-RateLimit with seconds; 2 calls, then 64 at once",
            Bucket(200, 20, Publication.InSeconds)) with
        {
            Load = new ScheduledLoad([0, 5, .. Enumerable.Repeat(10.0, 64)]),
            Goodput = Goodput.OfCalls,
            Goals = [.. Goal.Of(1, 0, tail: 1)],
        },
        Honest("P13", "the same, no call before; 64 callers, 12,000 calls", Bucket(200, 20, Publication.InSeconds)) with
        {
            Load = new ClosedLoad(64, 12_000),
            Seconds = 600,

            // Of the first flight 44 are refused: nobody knew.
            Goals = [.. Goal.Of(0.95, 0.005, tail: 1.5)],
        },
        Shared("P14", "window 600 per 3 s, IETF, of which others take 100/s", Others(600, 3, 100)),
        Shared("P15", "window 600 per 3 s, IETF; 8 processes and a 9th from 120 s on, 20 workers each, 240 s",
            Window(600, 3, Publication.Ietf)) with
        {
            Load = new ClosedLoad(20, startOf: index => index == 8 ? Joined : 0),
            Processes = 9,
            Seconds = 240,
            Extras = Fairness,
        },
        Shared("P16", "the same, bucket 200/s, burst 200, X-RateLimit with seconds",
            Bucket(200, 200, Publication.InSeconds)) with
        {
            Load = new ClosedLoad(20, startOf: index => index == 8 ? Joined : 0),
            Processes = 9,
            Seconds = 240,
            Extras = Fairness,
        },
        False("P17", "bucket 200/s, burst 20, 20 ms; always 50 left; 64 callers, 12,000 calls",
            static () => Publication.Constant),
        False("P18", "the same, 10,000 per minute, truly counted, but of no importance", Publication.OfAnotherLimit),
        False("P19", "the same, a true budget for 20 s, and then none", static () => Publication.Until(20)),
    ];

    private static Scenario Honest(string row, string name, Func<SimulationRun, IUpstream> upstream) =>
        new(row, name, new ClosedLoad(64), upstream)
        {
            Seconds = 60,
            Goals = Goal.Of(0.95, 0),
            Baselines = [Contender.Unread],
        };

    private static Scenario Shared(string row, string name, Func<SimulationRun, IUpstream> upstream) =>
        Honest(row, name, upstream) with { Goals = Goal.Of(0.95, 0.01) };

    /// <summary>Makes row 2 with headers that must not harm.</summary>
    private static Scenario False(string row, string name, Func<Publication> publication) =>
        new(row, name, new ClosedLoad(64, 12_000), run => new TokenBucketUpstream(run, 200, 20, false, publication()))
        {
            Latency = 0.02,
            Goals = Goal.Of(0.95, 0.01),
            Baselines = [Contender.Unread],
        };

    private static IReadOnlyList<Figure> Fairness(SimulationRun run) =>
    [
        Figure.Ratio("Jain of 8", Extras.Jain(run, 8, 30, Joined)),
        Figure.Ratio("Jain of 9", Extras.Jain(run, 9, Joined + 30, 240)),
    ];

    private static Func<SimulationRun, IUpstream> Window(int count, double period, Publication publication) =>
        run => new FixedWindowUpstream(run, count, period, hint: true, publication);

    private static Func<SimulationRun, IUpstream> Others(int count, double period, double others) =>
        run => new FixedWindowUpstream(run, count, period, hint: true, Publication.Ietf, others);

    private static Func<SimulationRun, IUpstream> Bucket(double rate, double burst, Publication publication) =>
        run => new TokenBucketUpstream(run, rate, burst, hint: true, publication);
}
