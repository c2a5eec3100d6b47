namespace RetryHandler;

/// <summary>
/// Settings of the send-rate limiter: a token bucket before every attempt, shared by the whole client.
/// </summary>
/// <remarks>
/// The limiter is dormant until the upstream throttles for the first time. From then on every attempt of the client,
/// first attempts included, needs a token, and the fill rate follows what the upstream accepts. After a healthy time
/// with little demand it goes dormant again.
/// </remarks>
public sealed class SendRateOptions
{
    /// <summary>Gets or sets whether the client limits its own send rate after a throttled answer.</summary>
    /// <value>The default is <see langword="null"/>: on in <see cref="RetryMode.Adaptive"/>, otherwise off.</value>
    public bool? Enabled { get; set; }

    /// <summary>Gets or sets by which law the rate follows what the upstream accepts.</summary>
    /// <remarks>The law is chosen when the client is created; a reload of the settings does not change it.</remarks>
    /// <value>The default is <see cref="SendRateControllerKind.Probing"/>.</value>
    public SendRateControllerKind Controller { get; set; }

    /// <summary>Gets or sets the lowest rate, in attempts per second, that throttling can push the client to.</summary>
    /// <remarks>
    /// Each client of each process keeps this rate at least: n processes never send less than n times it.
    /// </remarks>
    /// <value>
    /// The default is <see langword="null"/>: 0.5 per second for <see cref="SendRateControllerKind.Cubic"/> (AWS), one
    /// per minute for <see cref="SendRateControllerKind.Probing"/>, or <see cref="MaxRate"/> where that is lower. Above
    /// 0 and at most <see cref="MaxRate"/>.
    /// </value>
    public double? MinRate { get; set; }

    /// <summary>Gets or sets the highest rate, in attempts per second, while the limiter is active.</summary>
    /// <value>The default is <see langword="null"/>: no bound. Above 0 and at least <see cref="MinRate"/>.</value>
    public double? MaxRate { get; set; }

    /// <summary>Gets or sets how long an attempt may wait for a token.</summary>
    /// <remarks>
    /// When the wait, estimated from the present rate and the callers ahead, is longer, or when this time has passed in
    /// the queue, the call fails with <see cref="SendRateLimitedException"/> and nothing is sent.
    /// </remarks>
    /// <value>
    /// The default is <see langword="null"/>: no bound beyond the caller's cancellation and <c>HttpClient.Timeout</c>.
    /// Between 0 (never wait) and 1 day.
    /// </value>
    public TimeSpan? MaxWait { get; set; }

    /// <summary>Gets or sets how many attempts may wait for a token at the same time.</summary>
    /// <remarks>One more fails with <see cref="SendRateLimitedException"/> and nothing is sent.</remarks>
    /// <value>The default is <see langword="null"/>: no bound. At least 0 (nobody may wait).</value>
    public int? QueueLimit { get; set; }
}
