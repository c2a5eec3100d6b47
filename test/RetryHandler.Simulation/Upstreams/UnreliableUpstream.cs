namespace RetryHandler.Simulation.Upstreams;

/// <summary>Answers a share of the attempts at random, whatever the rate, and leaves the others to a limit.</summary>
/// <param name="run">The run.</param>
/// <param name="inner">The limit; an attempt that is answered at random costs nothing of it.</param>
/// <param name="share">The share of the attempts, from 0 to 1.</param>
/// <param name="answer">What they are answered.</param>
internal sealed class UnreliableUpstream(SimulationRun run, IUpstream inner, double share, Answer answer) : IUpstream
{
    public int Queued => inner.Queued;

    public void Receive(Attempt attempt)
    {
        if (run.Chance.Between(0, 1) < share)
        {
            attempt.Answer(answer);
            return;
        }

        inner.Receive(attempt);
    }

    public double CapacityUntil(double seconds) => inner.CapacityUntil(seconds);

    public double RateAt(double seconds) => inner.RateAt(seconds);
}
