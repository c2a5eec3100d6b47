namespace RetryHandler.Simulation.Upstreams;

/// <summary>Serves while fewer than a number of calls were served in the last seconds.</summary>
internal sealed class SlidingWindowUpstream(SimulationRun run, int count, double period, bool hint) : IUpstream
{
    private readonly Queue<double> _served = new();

    public void Receive(Attempt attempt)
    {
        var now = run.Loop.Now;
        while (_served.TryPeek(out var oldest) && oldest <= now - period)
        {
            _served.Dequeue();
        }

        if (_served.Count < count)
        {
            _served.Enqueue(now);
            attempt.Answer(Answer.Ok);
            return;
        }

        attempt.Answer(hint ? Answer.TooManyFor(_served.Peek() + period - now) : Answer.TooMany);
    }

    public double CapacityUntil(double seconds) => count * (Math.Floor((seconds / period) - 1e-9) + 1);

    public double RateAt(double seconds) => count / period;
}
