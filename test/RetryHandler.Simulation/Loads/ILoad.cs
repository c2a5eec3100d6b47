namespace RetryHandler.Simulation.Loads;

/// <summary>Who makes the calls, and when.</summary>
internal interface ILoad
{
    /// <summary>Gets how many calls are made in all; without a number the scenario's time ends the run.</summary>
    int? Calls => null;

    void Start(SimulationRun run);
}
