namespace RetryHandler;

/// <summary>What one attempt's outcome was judged to be. The default value is a success.</summary>
/// <remarks>
/// Each attempt is judged exactly once; the verdict then feeds the send-rate limiter, the retry decision and the
/// telemetry, so that the three can never disagree.
/// </remarks>
public readonly record struct AttemptVerdict
{
    /// <summary>Gets what the outcome means.</summary>
    /// <value>The default is <see cref="FailureKind.None"/>.</value>
    public FailureKind Kind { get; init; }

    /// <summary>Gets which sort of transient fault it was.</summary>
    /// <value>The default is <see cref="TransientCause.None"/>, also for every other kind.</value>
    public TransientCause Cause { get; init; }

    /// <summary>Gets how long the upstream asks to wait before the next attempt, counted from now.</summary>
    /// <remarks>
    /// A minimum: no attempt is sent earlier. It never makes a failure retryable. For
    /// <see cref="FailureKind.QuotaExhausted"/> it is the time until the quota is reset.
    /// </remarks>
    /// <value>
    /// The default is <see langword="null"/>: the upstream said nothing usable. In a retryable verdict of an
    /// <see cref="IOutcomeClassifier"/> it stands for what the response's headers ask for, if anything;
    /// <see cref="TimeSpan.Zero"/> declines that.
    /// </value>
    public TimeSpan? ServerDelay { get; init; }

    /// <summary>Gets the delay of an AWS <c>x-amz-retry-after</c> header, which is a hint and not a minimum.</summary>
    /// <remarks>
    /// With a computed backoff <c>t</c> the wait becomes <c>max(t, min(hint, t + 5 s))</c>, the rule of the AWS SDKs
    /// since 2026.
    /// </remarks>
    /// <value>The default is <see langword="null"/>: no such header.</value>
    public TimeSpan? BoundedDelayHint { get; init; }

    /// <summary>Gets whether the upstream surely did not act on the request.</summary>
    /// <remarks>
    /// Only then is a request with an unsafe method (POST, PATCH) repeated without the caller's word for it.
    /// </remarks>
    /// <value>The default is <see langword="false"/>.</value>
    public bool KnownNotProcessed { get; init; }

    /// <summary>
    /// Gets whether a <see cref="FailureKind.Throttled"/> refusal says that too many requests were on their way at the
    /// same time, and not that they came too fast.
    /// </summary>
    /// <remarks>
    /// Then the client bounds how many are on their way, and not how many go out in a second, as long as that proves to
    /// be the limit. Without effect on <see cref="SendRateControllerKind.Cubic"/>, and where
    /// <see cref="ServerDelay"/> is more than a second.
    /// </remarks>
    /// <value>The default is <see langword="false"/>.</value>
    public bool IsConcurrencyLimit { get; init; }

    /// <summary>Gets the short, stable name of the rule that decided, for logs and metrics.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? Rule { get; init; }

    /// <summary>Gets whether a strategy around the attempt refused it, so that nothing left this process.</summary>
    internal bool NeverSent { get; init; }

    internal bool IsRetryable => Kind is FailureKind.Transient or FailureKind.Throttled;
}
