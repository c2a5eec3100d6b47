namespace RetryHandler.Simulation.Loads;

/// <summary>Calls at given instants.</summary>
internal sealed class ScheduledLoad(params IReadOnlyList<double> instants) : ILoad
{
    public int? Calls => instants.Count;

    public void Start(SimulationRun run)
    {
        foreach (var instant in instants)
        {
            run.Loop.At(instant, () => run.Clients[0].Start(static _ => { }));
        }
    }
}
