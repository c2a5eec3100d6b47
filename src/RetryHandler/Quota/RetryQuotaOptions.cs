namespace RetryHandler;

/// <summary>
/// Settings of the retry quota: a bucket of tokens that retries spend and successes fill, or a share of the calls.
/// </summary>
/// <remarks>
/// The quota is shared by all callers of a client and keeps an outage from becoming a retry storm: while calls fail,
/// retries drain it, and without tokens a failure goes to the caller at once. It never holds back a first attempt.
/// The rules and numbers of the bucket are those of the AWS SDKs since 2026, but for what a timeout and a throttled
/// retry cost where the send rate is limited.
/// </remarks>
public sealed class RetryQuotaOptions
{
    /// <summary>What the AWS SDKs charge for a throttled retry.</summary>
    internal const int UnpacedThrottledCost = 5;

    private const int MostPacedTimeoutCost = 50;

    /// <summary>Gets what a retry after a timeout costs by default where the send rate is probed.</summary>
    internal int PacedTimeoutCost =>
        TransientCost == 0 ? 0 : Math.Max(TransientCost, Math.Min(MostPacedTimeoutCost, Capacity / 10));

    /// <summary>Gets or sets whether retries need the quota.</summary>
    /// <value>The default is <see langword="null"/>: on, except in <see cref="RetryMode.Legacy"/>.</value>
    public bool? Enabled { get; set; }

    /// <summary>Gets or sets what bounds the retries.</summary>
    /// <value>The default is <see cref="RetryQuotaKind.TokenBucket"/>.</value>
    public RetryQuotaKind Kind { get; set; }

    /// <summary>Gets or sets the share of the calls of the last 10 seconds that may be retried.</summary>
    /// <remarks>
    /// For <see cref="RetryQuotaKind.Ratio"/>. Each retry counts as one, whatever it costs; one that costs 0 does not
    /// count. Of the other settings here, only the costs and <see cref="MinRetriesPerSecond"/> apply to it.
    /// </remarks>
    /// <value>The default is 0.2 (Envoy, Linkerd, Finagle). Above 0 and at most 10.</value>
    public double MaxRatio { get; set; } = 0.2;

    /// <summary>Gets or sets how many retries per second are allowed however few calls there are.</summary>
    /// <remarks>
    /// For <see cref="RetryQuotaKind.Ratio"/>; without it, a client with few calls could never retry.
    /// </remarks>
    /// <value>The default is 1 per second, that is 10 in the window. Between 0 and 1,000,000.</value>
    public double MinRetriesPerSecond { get; set; } = 1;

    /// <summary>Gets or sets how many tokens the full quota holds; it starts full.</summary>
    /// <value>The default is 500 tokens. Between 0 (only free retries) and 1,000,000.</value>
    public int Capacity { get; set; } = 500;

    /// <summary>Gets or sets what a retry after a transient failure costs.</summary>
    /// <value>The default is 14 tokens. Between 0 (free) and 1,000,000.</value>
    public int TransientCost { get; set; } = 14;

    /// <summary>Gets or sets what a retry after a timeout costs.</summary>
    /// <remarks>
    /// An upstream that answers too late has a queue, and each retry makes it longer: 35 of each process, as many as
    /// other failures are granted, put off its recovery by a third. The AWS SDKs charge what any transient failure
    /// costs; before 2026 twice as much.
    /// </remarks>
    /// <value>
    /// The default is <see langword="null"/>: where the send rate is limited by the probing controller 50 tokens
    /// (no more than a tenth of <see cref="Capacity"/>, no less than <see cref="TransientCost"/>, and 0 where that is
    /// 0); otherwise <see cref="TransientCost"/>. Between 0 (free) and 1,000,000.
    /// </value>
    public int? TimeoutCost { get; set; }

    /// <summary>Gets or sets what a retry after a broken or refused connection costs.</summary>
    /// <value>The default is <see langword="null"/>: <see cref="TransientCost"/>. Between 0 and 1,000,000.</value>
    public int? NetworkCost { get; set; }

    /// <summary>Gets or sets what a retry after an error status such as 500 or 503 costs.</summary>
    /// <value>The default is <see langword="null"/>: <see cref="TransientCost"/>. Between 0 and 1,000,000.</value>
    public int? ServerErrorCost { get; set; }

    /// <summary>Gets or sets what a retry after a throttled answer costs.</summary>
    /// <remarks>
    /// Free where the send-rate limiter is on: it paces these retries like all other attempts, so that they can't
    /// become a storm, and a burst of refusals would only use up the quota that other failures need. The AWS SDKs
    /// charge 5 in their adaptive mode too.
    /// </remarks>
    /// <value>
    /// The default is <see langword="null"/>: 0 with the send-rate limiter (<see cref="RetryMode.Adaptive"/>), 5 tokens
    /// (AWS) without. Between 0 (free) and 1,000,000.
    /// </value>
    public int? ThrottledCost { get; set; }

    /// <summary>Gets or sets how many tokens a call that succeeds at its first attempt puts back.</summary>
    /// <remarks>
    /// A call that succeeds after retries puts back what its last retry cost; a failure puts back nothing.
    /// </remarks>
    /// <value>The default is 1 token. Between 0 and 1,000,000.</value>
    public int FirstTryRefund { get; set; } = 1;

    /// <summary>Gets or sets how many tokens come back by themselves in a minute.</summary>
    /// <remarks>Lets a client with few calls recover after an outage without waiting for many successes.</remarks>
    /// <value>The default is 0: none, as in the AWS SDKs. Between 0 and 1,000,000.</value>
    public double RefillPerMinute { get; set; }
}
