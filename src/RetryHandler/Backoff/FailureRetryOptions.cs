namespace RetryHandler;

/// <summary>Settings of the retries after one kind of failure.</summary>
/// <remarks>
/// Values that are not set come from the wider kind, if there is one (<see cref="AdaptiveRetryOptions.Transient"/> for
/// a timeout, a network failure and a server error), and then from the mode.
/// </remarks>
public sealed class FailureRetryOptions
{
    /// <summary>Gets or sets how many attempts a call may make, the first one included.</summary>
    /// <remarks>
    /// Counts attempts as the AWS SDKs do: 3 means one call and two retries. Polly's <c>MaxRetryAttempts</c> counts
    /// the retries only. Attempts of every kind count against the limit of the kind that was seen last.
    /// </remarks>
    /// <value>
    /// The default is <see langword="null"/>: that of the wider kind, <see cref="AdaptiveRetryOptions.MaxAttempts"/> if
    /// set, otherwise the mode's value. Between 1 (never retry) and 100.
    /// </value>
    public int? MaxAttempts { get; set; }

    /// <summary>Gets or sets the delay from which the backoff grows.</summary>
    /// <value>
    /// The default is <see langword="null"/>: that of the wider kind, otherwise the mode's value (transient 50 ms,
    /// throttled 1 s, or 50 ms where the probing send-rate limiter paces it; Legacy 1 s for both). Between 0 (retry at
    /// once) and <see cref="MaxDelay"/>.
    /// </value>
    public TimeSpan? BaseDelay { get; set; }

    /// <summary>Gets or sets the longest computed delay; the cap is applied before the jitter.</summary>
    /// <remarks>
    /// A delay asked for by the upstream may be longer; see <see cref="ServerDelayOptions.MaxDelay"/>.
    /// </remarks>
    /// <value>
    /// The default is <see langword="null"/>: that of the wider kind, otherwise 20 seconds (AWS). Between 0 and 1 day.
    /// </value>
    public TimeSpan? MaxDelay { get; set; }

    /// <summary>Gets or sets the shortest computed delay.</summary>
    /// <remarks>
    /// With full jitter a retry may come next to at once, which is of little use after a throttled answer
    /// (aws/aws-sdk-net#4341). The jitter then begins here instead of at 0; where the delay is not longer than this,
    /// the wait is exactly this.
    /// </remarks>
    /// <value>
    /// The default is <see langword="null"/>: that of the wider kind, otherwise 0 (AWS). Between 0 and
    /// <see cref="MaxDelay"/>.
    /// </value>
    public TimeSpan? MinDelay { get; set; }

    /// <summary>Gets or sets how the delay grows with the number of retries.</summary>
    /// <value>
    /// The default is <see langword="null"/>: that of the wider kind, otherwise <see cref="BackoffKind.Exponential"/>.
    /// </value>
    public BackoffKind? Backoff { get; set; }

    /// <summary>Gets or sets how much of the delay is left to chance.</summary>
    /// <value>
    /// The default is <see langword="null"/>: that of the wider kind, otherwise <see cref="JitterKind.Full"/> (AWS).
    /// </value>
    public JitterKind? Jitter { get; set; }
}
