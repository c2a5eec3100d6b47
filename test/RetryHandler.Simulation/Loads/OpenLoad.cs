namespace RetryHandler.Simulation.Loads;

/// <summary>Calls that come at random times, however the calls before them fare.</summary>
/// <param name="rate">Calls per second for each client process.</param>
/// <param name="calls">How many calls in all; without a number the scenario's time ends the run.</param>
internal sealed class OpenLoad(double rate, int? calls = null) : ILoad
{
    public int? Calls => calls;

    public void Start(SimulationRun run)
    {
        var left = calls ?? int.MaxValue;
        foreach (var client in run.Clients)
        {
            run.Loop.After(run.Chance.Exponential(1 / rate), Next);

            void Next()
            {
                if (left-- > 0)
                {
                    client.Start(static _ => { });
                    run.Loop.After(run.Chance.Exponential(1 / rate), Next);
                }
            }
        }
    }
}
