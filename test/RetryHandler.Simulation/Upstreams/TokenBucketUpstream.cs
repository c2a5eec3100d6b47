namespace RetryHandler.Simulation.Upstreams;

/// <summary>Serves at once while it has tokens, and refuses with 429 otherwise.</summary>
internal sealed class TokenBucketUpstream(SimulationRun run, Steps rate, double burst, bool hint = false) : IUpstream
{
    private double _missing;
    private double _refilledAt;

    public void Receive(Attempt attempt)
    {
        var now = run.Loop.Now;
        _missing = Math.Max(0, _missing - rate.Between(_refilledAt, now));
        _refilledAt = now;

        // The sum of many small refills may miss a whole token by a rounding error.
        if (_missing <= burst - 1 + 1e-9)
        {
            _missing += 1;
            attempt.Answer(Answer.Ok);
            return;
        }

        attempt.Answer(hint ? Answer.TooManyFor((_missing - burst + 1) / rate.At(now)) : Answer.TooMany);
    }

    public double CapacityUntil(double seconds) => burst + rate.Between(0, seconds);

    public double RateAt(double seconds) => rate.At(seconds);
}
