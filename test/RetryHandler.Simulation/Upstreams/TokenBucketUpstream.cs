namespace RetryHandler.Simulation.Upstreams;

/// <summary>Serves at once while it has tokens, and refuses with 429 otherwise.</summary>
/// <param name="run">The run.</param>
/// <param name="rate">Calls per second.</param>
/// <param name="burst">How many tokens the bucket holds.</param>
/// <param name="hint">Whether refusals say when there is a token again.</param>
/// <param name="publication">How it says what is left.</param>
/// <param name="leastHint">The shortest delay that it names.</param>
/// <param name="refusal">What it answers when nothing is left, if it gives no hint; by default a bare 429.</param>
/// <param name="refusalTime">How much longer a refusal takes than an acceptance: upstreams answer one by one.</param>
internal sealed class TokenBucketUpstream(
    SimulationRun run,
    Steps rate,
    double burst,
    bool hint = false,
    Publication? publication = null,
    double leastHint = 0,
    Answer? refusal = null,
    double refusalTime = 0)
    : IUpstream
{
    private double _missing;
    private double _refilledAt;

    public void Receive(Attempt attempt)
    {
        var now = run.Loop.Now;
        _missing = Math.Max(0, _missing - rate.Between(_refilledAt, now));
        _refilledAt = now;

        // The sum of many small refills may miss a whole token by a rounding error.
        var isAccepted = _missing <= burst - 1 + 1e-9;
        var answer = isAccepted ? Answer.Ok
            : hint ? Answer.TooManyFor(Math.Max(leastHint, (_missing - burst + 1) / rate.At(now)))
            : refusal ?? Answer.TooMany;
        _missing += isAccepted ? 1 : 0;

        // The reset is when the bucket is full: so say the libraries of the generic cell rate algorithm, and OpenAI.
        var told = publication?.On(answer, new(now, Math.Floor(burst - _missing + 1e-9), _missing / rate.At(now))
        {
            Limit = burst,
            Quota = rate.At(now),
            Window = 1,
        }) ?? answer;
        if (isAccepted || refusalTime == 0)
        {
            attempt.Answer(told);
        }
        else
        {
            run.Loop.After(refusalTime, () => attempt.Answer(told));
        }
    }

    public double CapacityUntil(double seconds) => burst + rate.Between(0, seconds);

    public double RateAt(double seconds) => rate.At(seconds);
}
