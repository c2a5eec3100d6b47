namespace RetryHandler.RateLimiting;

/// <summary>
/// Refusals that follow each other closely: the sign of a capacity that has fallen. Pure; times are seconds.
/// </summary>
/// <remarks>
/// The upstream's bucket is empty at each refusal, so that what is accepted between the first and the last of a run,
/// over the time between them, is the upstream's rate now, whatever it was before.
/// </remarks>
internal struct RefusalRun
{
    /// <summary>After as many acceptances a refusal begins a new run.</summary>
    private const int Calm = 10;

    /// <summary>How many sends a run has at least, before it says something.</summary>
    private const double LeastSends = 4;

    /// <summary>The share of the rate below which what was accepted shows that the upstream's has fallen.</summary>
    private const double LeastKept = 0.7;

    private double _sends;

    public double Count { get; private set; }

    public double Time { get; private set; }

    /// <summary>Gets whether the last refusal began the run.</summary>
    public readonly bool IsNew => Time == 0;

    /// <summary>Gets whether enough was sent in the run.</summary>
    public readonly bool IsClear => _sends >= LeastSends && Count >= LeastKept * _sends;

    public readonly double Rate => (Count + 0.5) / Time;

    public readonly bool HasFallen => _sends >= LeastSends && Count + 1 < LeastKept * _sends;

    /// <summary>Goes on with a refusal, or begins with it.</summary>
    /// <param name="accepted">How many were accepted since the last refusal.</param>
    /// <param name="elapsed">In what time.</param>
    /// <param name="rate">The rate that was kept.</param>
    public void Add(int accepted, double elapsed, double rate)
    {
        (Count, Time) = accepted >= Calm || HasFallen ? (0, 0) : (Count + accepted, Time + elapsed);
        _sends = rate * Time;
    }

    /// <summary>Goes on with a refusal while callers waited; when they don't, the run has come to its end.</summary>
    /// <param name="accepted">What was accepted since the last refusal.</param>
    /// <param name="busyTime">For how many seconds, of all so far, callers waited.</param>
    /// <param name="rate">The rate that was kept.</param>
    /// <param name="now">The time.</param>
    public void Follow(in AcceptedRate accepted, double busyTime, double rate, double now)
    {
        if (accepted.WasBusy(now, busyTime))
        {
            Add(accepted.Count, accepted.Elapsed(now), rate);
        }
        else
        {
            End();
        }
    }

    public void End() => this = default;
}
