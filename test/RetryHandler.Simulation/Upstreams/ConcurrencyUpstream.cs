namespace RetryHandler.Simulation.Upstreams;

/// <summary>Serves a number of calls at the same time and refuses the rest.</summary>
/// <param name="run">The run.</param>
/// <param name="slots">How many calls are served at the same time.</param>
/// <param name="serviceTime">The mean service time in seconds.</param>
/// <param name="isExponential">Whether the service times are exponentially distributed; if not, they are constant.</param>
/// <param name="refusal">What it answers then; by default a bare 503.</param>
internal sealed class ConcurrencyUpstream(
    SimulationRun run, int slots, Steps serviceTime, bool isExponential = true, Answer? refusal = null)
    : IUpstream
{
    private readonly Answer _refusal = refusal ?? new Answer(503);

    private int _busy;

    public void Receive(Attempt attempt)
    {
        if (_busy >= slots)
        {
            attempt.Answer(_refusal);
            return;
        }

        _busy++;
        var mean = serviceTime.At(run.Loop.Now);
        run.Loop.After(isExponential ? run.Chance.Exponential(mean) : mean, () =>
        {
            _busy--;
            attempt.Answer(Answer.Ok);
        });
    }

    public double CapacityUntil(double seconds)
    {
        // The integral of 1/mean: the means change at few instants, so small steps are exact enough.
        const double Step = 0.1;
        var sum = 0.0;
        for (var t = 0.0; t < seconds; t += Step)
        {
            sum += Math.Min(Step, seconds - t) * RateAt(t);
        }

        return sum;
    }

    public double RateAt(double seconds) => slots / serviceTime.At(seconds);
}
