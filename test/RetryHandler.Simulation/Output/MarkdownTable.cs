namespace RetryHandler.Simulation.Output;

/// <summary>Writes scores as a Markdown table.</summary>
internal static class MarkdownTable
{
    private const int CommonFigures = 6;

    /// <param name="writer">Where to.</param>
    /// <param name="scores">The scores.</param>
    /// <param name="withSpread">Whether to write the least and the most of the seeds beside the median.</param>
    public static void Write(TextWriter writer, IEnumerable<Score> scores, bool withSpread = false)
    {
        Func<Figure, string> text = withSpread ? figure => figure.ToRangeString() : figure => figure.ToString();
        writer.WriteLine(
            "| # | scenario | client | goodput | throttled | p50 | p99 | attempts/call | failed | further | goal | missed "
            + "| earlier models |");
        writer.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        Scenario? last = null;
        foreach (var score in scores)
        {
            var scenario = score.Scenario;
            var further = score.Figures.Skip(CommonFigures).Select(figure => $"{figure.Name} {text(figure)}");
            string[] cells =
            [
                scenario.Row,
                scenario == last ? string.Empty : scenario.Name,
                score.Contender.Name,
                .. score.Figures.Take(CommonFigures).Select(text),
                string.Join(", ", further),
                scenario == last ? string.Empty : Goals(score),
                string.Join(", ", score.Missed.Select(goal => goal.Name)),
                score.Contender == Contender.Cubic ? scenario.Orientation : string.Empty,
            ];
            writer.WriteLine($"| {string.Join(" | ", cells)} |");
            last = scenario;
        }
    }

    private static string Goals(Score score) =>
        string.Join(", ", score.Scenario.Goals.Select(goal => $"{goal.Name} {goal.ToString(score[goal.Name])}"));
}
