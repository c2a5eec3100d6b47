namespace RetryHandler;

/// <summary>What the calls of a client came to since the process started.</summary>
/// <remarks>A call counts when it ends, an attempt when its answer is judged.</remarks>
public sealed record CallTotals
{
    /// <summary>Gets how many calls ended, in whatever way.</summary>
    public long Calls => Succeeded + Failed;

    /// <summary>Gets how many calls succeeded, at once or after retries.</summary>
    public required long Succeeded { get; init; }

    /// <summary>Gets how many calls ended otherwise: the sum of <see cref="Stops"/>.</summary>
    public long Failed => Stops.Values.Sum();

    /// <summary>Gets how many calls ended for each reason but success; a reason that never came is absent.</summary>
    public required IReadOnlyDictionary<RetryStopReason, long> Stops { get; init; }

    /// <summary>Gets the attempts that were sent.</summary>
    public required AttemptTotals Attempts { get; init; }

    /// <summary>Gets how many retries of a transient failure were sent.</summary>
    public required long TransientRetries { get; init; }

    /// <summary>Gets how many retries of a throttled attempt were sent.</summary>
    public required long ThrottledRetries { get; init; }

    /// <summary>Gets the share of calls that succeeded.</summary>
    /// <value>From 0 to 1; 1 before the first call.</value>
    public double SuccessRate => Calls == 0 ? 1 : (double)Succeeded / Calls;

    /// <summary>Gets how many attempts a call made that was sent at all.</summary>
    /// <value>1 when nothing is ever repeated, and before the first call.</value>
    public double AverageAttempts
    {
        get
        {
            var retries = TransientRetries + ThrottledRetries;
            var firstAttempts = Attempts.Total - retries;
            return firstAttempts <= 0 ? 1 : (double)Attempts.Total / firstAttempts;
        }
    }

    /// <summary>Gets how many attempts the upstream saw for each call that was made.</summary>
    /// <remarks>
    /// Above 1 the client sends the upstream more than its callers ask for; below 1 it held calls back that the
    /// upstream would have refused.
    /// </remarks>
    /// <value>1 before the first call.</value>
    public double Amplification => Calls == 0 ? 1 : (double)Attempts.Total / Calls;
}
