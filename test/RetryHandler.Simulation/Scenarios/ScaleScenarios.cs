namespace RetryHandler.Simulation.Scenarios;

/// <summary>A million callers: whether anything grows faster than their number, and whether anything goes wrong.</summary>
/// <remarks>Too long for the scoreboard; asked for by their row names.</remarks>
internal static class ScaleScenarios
{
    private const double Settled = 20;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        Scale("S10", clients: 10, callers: 1000),
        Scale("S100", clients: 100, callers: 1000),
        Scale("S1000", clients: 1000, callers: 1000),
    ];

    private static Scenario Scale(string row, int clients, int callers) =>
        new(row, $"{clients:N0} clients of {callers:N0} callers each; each client has a bucket of 200/s, burst 20, to itself",
            new ClosedLoad(callers), run => new OwnUpstreams(run, clients, RateScenarios.Bucket(200, 20)))
        {
            Seconds = 40,
            Processes = clients,
            Extras = run =>
            [
                Figure.Ratio("Jain", Extras.Jain(run, clients, Settled, 40)),
                Figure.Share("refused once settled", Extras.RefusedShare(run, Settled)),
            ],
        };
}
