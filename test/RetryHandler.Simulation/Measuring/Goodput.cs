namespace RetryHandler.Simulation.Measuring;

/// <summary>What goodput means, by the kind of load.</summary>
internal static class Goodput
{
    /// <summary>Useful completions over what the upstream could have served in the time.</summary>
    public static double OfCapacity(SimulationRun run) =>
        Succeeded(run) / run.Upstream.CapacityUntil(run.Duration);

    /// <summary>Ideal time over time taken, less the calls that failed; cold start and tail included.</summary>
    public static double OfIdealTime(SimulationRun run)
    {
        var calls = (double)run.Scenario.Load.Calls!;
        return Succeeded(run) / calls * IdealTime(run.Upstream, calls, run.Scenario) / run.Duration;
    }

    /// <summary>Useful completions over the calls that were made: for open loops below the capacity.</summary>
    public static double OfCalls(SimulationRun run) => Succeeded(run) / (double)run.Recorder.Calls.Count;

    private static int Succeeded(SimulationRun run) => run.Recorder.Calls.Count(call => call.Succeeded);

    /// <summary>Finds the earliest time at which all calls can have been served, and adds one round trip.</summary>
    private static double IdealTime(IUpstream upstream, double calls, Scenario scenario)
    {
        var (low, high) = (0.0, scenario.Seconds);
        while (high - low > 1e-6)
        {
            var middle = (low + high) / 2;
            (low, high) = upstream.CapacityUntil(middle) >= calls ? (low, middle) : (middle, high);
        }

        return high + scenario.Latency;
    }
}
