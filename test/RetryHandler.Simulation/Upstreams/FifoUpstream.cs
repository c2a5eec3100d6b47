namespace RetryHandler.Simulation.Upstreams;

/// <summary>
/// One server with an endless queue. It also works for callers that have given up, which is what makes an overload
/// outlive its cause.
/// </summary>
internal sealed class FifoUpstream(SimulationRun run, Steps rate) : IUpstream
{
    private readonly Queue<Attempt> _queue = new();

    public int Queued => _queue.Count;

    public void Receive(Attempt attempt)
    {
        _queue.Enqueue(attempt);
        if (_queue.Count == 1)
        {
            Serve();
        }
    }

    public double CapacityUntil(double seconds) => rate.Between(0, seconds);

    public double RateAt(double seconds) => rate.At(seconds);

    private void Serve() => run.Loop.After(run.Chance.Exponential(1 / rate.At(run.Loop.Now)), () =>
    {
        _queue.Dequeue().Answer(Answer.Ok);
        if (_queue.Count > 0)
        {
            Serve();
        }
    });
}
