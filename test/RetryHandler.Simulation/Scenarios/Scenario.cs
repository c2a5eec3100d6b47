namespace RetryHandler.Simulation.Scenarios;

/// <summary>An upstream, a load, and what is to come out.</summary>
internal sealed record Scenario(string Row, string Name, ILoad Load, Func<SimulationRun, IUpstream> Upstream)
{
    /// <summary>Gets when the run ends at the latest, in seconds.</summary>
    public double Seconds { get; init; } = 600;

    /// <summary>Gets the round trip in seconds, without the time that the upstream needs.</summary>
    public double Latency { get; init; } = 0.05;

    /// <summary>Gets by what share of itself a round trip is longer or shorter, at most.</summary>
    public double Jitter { get; init; } = 0.1;

    public int Processes { get; init; } = 1;

    /// <summary>Gets when the callers give up.</summary>
    public TimeSpan? CallTimeout { get; init; }

    /// <summary>Gets how far the calendar of the clients is ahead of the truth.</summary>
    public TimeSpan ClientClockError { get; init; }

    /// <summary>Gets what the scenario sets of the library's options, before the contender does.</summary>
    public Action<AdaptiveRetryOptions>? Configure { get; init; }

    public Func<SimulationRun, double> Goodput { get; init; } =
        run => run.Scenario.Load.Calls is null ? Measuring.Goodput.OfCapacity(run) : Measuring.Goodput.OfIdealTime(run);

    public Func<SimulationRun, IReadOnlyList<Figure>> Extras { get; init; } = static _ => [];

    public IReadOnlyList<Limit> Goals { get; init; } = [];

    /// <summary>Gets contenders that this scenario shows beside the chosen ones, to compare with.</summary>
    public IReadOnlyList<Contender> Baselines { get; init; } = [];

    /// <summary>Gets what two earlier models said of Cubic, before there was this simulator.</summary>
    public string Orientation { get; init; } = "-";
}
