namespace RetryHandler.Simulation.Scenarios;

/// <summary>
/// Processes that know nothing of each other and share one quota: what users may expect at 10, 100 and 1,000 of them.
/// </summary>
/// <remarks>Too long for the scoreboard; asked for by their row names.</remarks>
internal static class FleetScenarios
{
    private const double Settled = 60;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        Fleet("F10", 10, 5, seconds: 240),
        Fleet("F100", 100, 5, seconds: 240),
        Fleet("F1000", 1000, 5, seconds: 180),
        Fleet("F10s", 10, 0.5, seconds: 240),
        Fleet("F100s", 100, 0.5, seconds: 240),
        Fleet("F1000s", 1000, 0.5, seconds: 240),
        Fleet("F10m", 10, 20, seconds: 240, workers: 20),
        Fleet("F10l", 10, 50, seconds: 240, workers: 20),
    ];

    private static Scenario Fleet(string row, int processes, double share, double seconds, int workers = 5) =>
        new(row, $"{processes:N0} processes share a bucket of {share * processes:N0}/s; {workers} workers each, {seconds} s",
            new ClosedLoad(workers), RateScenarios.Bucket(share * processes, Math.Max(1, share * processes)))
        {
            Seconds = seconds,
            Processes = processes,
            Extras = run =>
            [
                Figure.Ratio("Jain", Extras.Jain(run, processes, Settled, seconds)),
                Figure.Share("refused once settled", Extras.RefusedShare(run, Settled)),
            ],
        };
}
