namespace RetryHandler.Simulation.Scenarios;

/// <summary>What a contender reached in a scenario: the medians over the seeds.</summary>
internal sealed record Score(Scenario Scenario, Contender Contender, IReadOnlyList<Figure> Figures)
{
    /// <summary>Gets the goals that were missed.</summary>
    public IEnumerable<Limit> Missed => Scenario.Goals.Where(goal => !goal.IsMetBy(this[goal.Name]));

    public Figure this[string name] => Figures.First(figure => figure.Name == name);
}
