namespace RetryHandler.Backoff;

/// <summary>The share of successes among a client's recent attempts, the newest ones weighing most.</summary>
/// <remarks>
/// An exponential average over about the last 20 attempts. Thread-safe without a lock: under contention an outcome is
/// added again to what the others made of the share meanwhile.
/// </remarks>
internal sealed class SuccessShare
{
    private const double Weight = 0.1;
    private const double Healthy = 0.8;
    private const double Failing = 0.5;

    // In between: a new client knows nothing yet, and waits as it would without.
    private double _share = (Healthy + Failing) / 2;

    /// <summary>Gets by what <see cref="BackoffKind.Adaptive"/> multiplies the delays.</summary>
    public double DelayFactor => Volatile.Read(ref _share) switch
    {
        > Healthy => 0.5,
        < Failing => 2,
        _ => 1,
    };

    public void Record(bool succeeded)
    {
        double before;
        double after;
        do
        {
            before = Volatile.Read(ref _share);
            after = before + (Weight * ((succeeded ? 1 : 0) - before));
        }
        while (Interlocked.CompareExchange(ref _share, after, before) != before);
    }
}
