namespace RetryHandler.Simulation.Loads;

/// <summary>Workers that make one call after the other.</summary>
/// <param name="workers">How many for each client process.</param>
/// <param name="calls">How many calls in all; without a number the scenario's time ends the run.</param>
/// <param name="startOf">When the workers of a process begin, by its index.</param>
internal sealed class ClosedLoad(int workers, int? calls = null, Func<int, double>? startOf = null) : ILoad
{
    /// <summary>
    /// A worker whose call failed without anything being sent comes back after this many seconds: without a pause it
    /// would come back at the same instant for ever.
    /// </summary>
    private const double Pause = 1;

    public int? Calls => calls;

    public void Start(SimulationRun run)
    {
        // The load is shared by all runs of a scenario; what belongs to one run lives in this closure.
        var left = calls ?? int.MaxValue;
        foreach (var client in run.Clients)
        {
            for (var worker = 0; worker < workers; worker++)
            {
                run.Loop.At(startOf?.Invoke(client.Index) ?? 0, Next);
            }

            void Next()
            {
                if (left-- > 0)
                {
                    client.Start(call => run.Loop.After(call.Attempts == 0 ? Pause : 0, Next));
                }
            }
        }
    }
}
