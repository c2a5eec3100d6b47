namespace RetryHandler.Simulation.Upstreams;

/// <summary>Serves a number of calls in each period of the clock, and refuses the rest with 429.</summary>
/// <param name="run">The run.</param>
/// <param name="count">How many calls.</param>
/// <param name="period">The period in seconds.</param>
/// <param name="hint">Whether refusals name the end of the period.</param>
/// <param name="publication">How it says what is left.</param>
/// <param name="others">How many calls per second others make, who do not care what is left.</param>
internal sealed class FixedWindowUpstream(
    SimulationRun run, int count, double period, bool hint, Publication? publication = null, double others = 0)
    : IUpstream
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

        var left = ((window + 1) * period) - run.Loop.Now;
        var ofOthers = (int)(others * (period - left));
        var isAccepted = _used + ofOthers < count;
        _used += isAccepted ? 1 : 0;
        var answer = isAccepted ? Answer.Ok : hint ? Answer.TooManyFor(left) : Answer.TooMany;
        attempt.Answer(publication?.On(answer, new(run.Loop.Now, Math.Max(0, count - _used - ofOthers), left)
        {
            Limit = count,
            Quota = count,
            Window = period,
        }) ?? answer);
    }

    public double CapacityUntil(double seconds) => (count - (others * period)) * (Math.Floor((seconds / period) - 1e-9) + 1);

    public double RateAt(double seconds) => (count / period) - others;
}
