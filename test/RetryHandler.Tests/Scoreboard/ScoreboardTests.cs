using System.Globalization;
using System.Text.RegularExpressions;
using RetryHandler.Simulation.Clients;
using RetryHandler.Simulation.Engine;
using RetryHandler.Simulation.Measuring;
using RetryHandler.Simulation.Output;
using RetryHandler.Simulation.Scenarios;
using RetryHandler.Tests.Documentation;
using SimulatedScoreboard = RetryHandler.Simulation.Scenarios.Scoreboard;

namespace RetryHandler.Tests.Scoreboard;

/// <summary>The quick rows of the scoreboard, with hard limits: medians over three seeds, as it shows them.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
internal sealed partial class ScoreboardTests
{
    private const int Seeds = 3;

    private static readonly string[] Rows =
    [
        "1", "2", "3", "4", "6", "7", "8", "9", "12", "13a", "14", "16", "19", "22", "24", "29", "30", "36", "38", "43",
        "41", "50", "P1", "P3", "P6", "P12", "P17",
    ];

    private static readonly DocumentPage Page = new("docs/rate-control.md");

    private readonly Dictionary<string, string> _plots = [];
    private IReadOnlyList<Score> _probing = [];
    private IReadOnlyList<Score> _probingAgain = [];
    private IReadOnlyList<Score> _cubic = [];

    [OneTimeSetUp]
    public void Play()
    {
        var scenarios = SimulatedScoreboard.All.Where(scenario => Rows.Contains(scenario.Row)).ToArray();
        _probing = SimulatedScoreboard.Play(scenarios, [Contender.Probing], Seeds, Draw);
        _probingAgain = SimulatedScoreboard.Play(scenarios, [Contender.Probing], Seeds);
        _cubic = SimulatedScoreboard.Play(scenarios, [Contender.Cubic], Seeds, Draw);
    }

    [TestCaseSource(nameof(Rows))]
    public void Play_Probing_ReachesTheGoals(string row)
    {
        var score = Of(_probing, Contender.Probing, row);

        Assert.That(score.Scenario.Goals, Is.Not.Empty);
        Assert.That(score.Missed.Select(goal => $"{score[goal.Name]} {goal.ToString(score[goal.Name])}"), Is.Empty);
    }

    /// <summary>docs/rate-control.md: "0.987 / 2.9 %, p99 0.48 s".</summary>
    [TestCaseSource(nameof(Rows))]
    public void Play_Contenders_GiveTheFiguresOfThePage(string row)
    {
        var line = Page.Text.Split('\n').Single(line => line.StartsWith($"| {row} |", StringComparison.Ordinal));
        var cells = line.Split('|');

        AssertIsOnThePage(Of(_cubic, Contender.Cubic, row), cells[3]);
        AssertIsOnThePage(Of(_probing, Contender.Probing, row), cells[4]);
    }

    /// <summary>Drawn anew by the command that stands below the pictures.</summary>
    [TestCase("12-probing.svg")]
    [TestCase("12-cubic.svg")]
    public void Draw_RowOfThePage_GivesThePicture(string file) => Assert.That(
        _plots[file] == File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs/images", file)),
        $"docs/images/{file} shows something else than the simulator draws.");

    [TestCaseSource(nameof(Rows))]
    public void Play_Probing_HasNoLessGoodputThanCubic(string row) => Assert.That(
        Of(_probing, Contender.Probing, row)[Figure.Goodput].Value,
        Is.GreaterThanOrEqualTo(Of(_cubic, Contender.Cubic, row)[Figure.Goodput].Value - 0.01));

    [TestCaseSource(nameof(Rows))]
    public void Play_TheSameRow_GivesTheSameFigures(string row) =>
        Assert.That(Of(_probingAgain, Contender.Probing, row).Figures, Is.EqualTo(Of(_probing, Contender.Probing, row).Figures));

    /// <summary>Guards the goals against limits that nobody can miss.</summary>
    [TestCase("1")]
    [TestCase("7")]
    [TestCase("12")]
    public void Play_Cubic_MissesTheGoals(string row) => Assert.That(Of(_cubic, Contender.Cubic, row).Missed, Is.Not.Empty);

    /// <summary>Small changes of the code move the last digits: the page must not be out of date by more.</summary>
    private static void AssertIsOnThePage(Score score, string cell)
    {
        var figures = FigurePattern().Match(cell);

        Assert.That(Number(figures, 1), Is.EqualTo(score[Figure.Goodput].Value).Within(0.01), cell);
        Assert.That(Number(figures, 2) / 100, Is.EqualTo(score[Figure.Throttled].Value).Within(0.005), cell);
        Assert.That(Number(figures, 3), Is.EqualTo(score[Figure.Tail].Value).Within(10).Percent, cell);
    }

    private static double Number(Match match, int group) =>
        double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private void Draw(SimulationRun run, int done, int total)
    {
        if (run is { Scenario.Row: "12", Seed: 1 })
        {
            _plots[SvgPlot.NameOf(run)] = SvgPlot.Draw(run);
        }
    }

    private static Score Of(IReadOnlyList<Score> scores, Contender contender, string row) =>
        scores.Single(s => s.Scenario.Row == row && s.Contender == contender);

    [GeneratedRegex(@"^ (\d\.\d+) / (\d+\.\d) %, p99 (\d+\.\d+) s")]
    private static partial Regex FigurePattern();
}
