using RetryHandler.Simulation.Clients;
using RetryHandler.Simulation.Measuring;
using RetryHandler.Simulation.Scenarios;
using SimulatedScoreboard = RetryHandler.Simulation.Scenarios.Scoreboard;

namespace RetryHandler.Tests.Scoreboard;

/// <summary>The quick rows of upstreams that publish their limit, one seed each.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
internal sealed class PublishedBudgetScoreboardTests
{
    private static readonly string[] Rows = ["P1", "P2", "P4", "P6", "P7", "P9", "P12", "P13", "P14", "P17", "P18", "P19"];

    /// <summary>Those in which nothing is refused, except to somebody who does not look.</summary>
    private static readonly string[] Honest = ["P1", "P4", "P7", "P12"];

    private IReadOnlyList<Score> _scores = [];

    [OneTimeSetUp]
    public void Play()
    {
        var scenarios = SimulatedScoreboard.All
            .Where(scenario => Rows.Contains(scenario.Row))
            .Select(scenario => Honest.Contains(scenario.Row) ? scenario : scenario with { Baselines = [] });
        _scores = SimulatedScoreboard.Play([.. scenarios], [Contender.Probing], seeds: 1);
    }

    [TestCaseSource(nameof(Rows))]
    public void Play_Probing_ReachesTheGoals(string row)
    {
        var score = Of(row, Contender.Probing);

        Assert.That(score.Scenario.Goals, Is.Not.Empty);
        Assert.That(score.Missed.Select(goal => $"{score[goal.Name]} {goal.ToString(score[goal.Name])}"), Is.Empty);
    }

    /// <summary>Guards the goals: without a look at the headers some are refused.</summary>
    [TestCaseSource(nameof(Honest))]
    public void Play_Unread_IsRefused(string row)
    {
        Assert.That(Of(row, Contender.Probing)[Figure.Throttled].Value, Is.Zero);
        Assert.That(Of(row, Contender.Unread)[Figure.Throttled].Value, Is.Positive);
    }

    private Score Of(string row, Contender contender) =>
        _scores.Single(score => score.Scenario.Row == row && score.Contender == contender);
}
