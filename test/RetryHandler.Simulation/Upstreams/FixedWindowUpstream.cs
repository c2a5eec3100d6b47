namespace RetryHandler.Simulation.Upstreams;

/// <summary>Serves a number of calls in each period of the clock, and refuses the rest with 429.</summary>
internal sealed class FixedWindowUpstream(SimulationRun run, int count, double period, bool hint) : IUpstream
{
    private double _window;
    private int _used;

    public void Receive(Attempt attempt)
    {
        var window = Math.Floor((run.Loop.Now / period) + 1e-9);
        if (window > _window)
        {
            (_window, _used) = (window, 0);
        }

        if (_used < count)
        {
            _used++;
            attempt.Answer(Answer.Ok);
            return;
        }

        attempt.Answer(hint ? Answer.TooManyFor(((window + 1) * period) - run.Loop.Now) : Answer.TooMany);
    }

    public double CapacityUntil(double seconds) => count * (Math.Floor((seconds / period) - 1e-9) + 1);

    public double RateAt(double seconds) => count / period;
}
