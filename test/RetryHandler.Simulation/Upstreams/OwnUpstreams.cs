namespace RetryHandler.Simulation.Upstreams;

/// <summary>An upstream of its own for each client process.</summary>
internal sealed class OwnUpstreams(SimulationRun run, int processes, Func<SimulationRun, IUpstream> each) : IUpstream
{
    private readonly IUpstream[] _upstreams = [.. Enumerable.Range(0, processes).Select(_ => each(run))];

    public int Queued => _upstreams.Sum(static upstream => upstream.Queued);

    public void Receive(Attempt attempt) => _upstreams[attempt.Call.Client.Index].Receive(attempt);

    public double CapacityUntil(double seconds) => _upstreams.Sum(upstream => upstream.CapacityUntil(seconds));

    public double RateAt(double seconds) => _upstreams.Sum(upstream => upstream.RateAt(seconds));
}
