namespace RetryHandler;

/// <summary>
/// Settings of the send-rate limiter: a token bucket before every attempt, shared by the whole client.
/// </summary>
/// <remarks>
/// The limiter is dormant until the upstream throttles for the first time, or publishes a budget that would run out.
/// From then on every attempt of the client, first attempts included, needs a token, and the fill rate follows what the
/// upstream accepts or publishes. After a healthy time with little demand it goes dormant again.
/// </remarks>
public sealed class SendRateOptions
{
    /// <summary>Gets or sets whether the client limits its own send rate after a throttled answer.</summary>
    /// <remarks>
    /// When a reload switches it off, calls that begin then are not held back, and those that wait keep their turn.
    /// </remarks>
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
    /// 0, and at most <see cref="MaxRate"/> and 1,000,000.
    /// </value>
    public double? MinRate { get; set; }

    /// <summary>Gets or sets the highest rate, in attempts per second, while the limiter is active.</summary>
    /// <value>The default is <see langword="null"/>: no bound. Above 0, at least <see cref="MinRate"/> and at most
    /// 1,000,000.</value>
    public double? MaxRate { get; set; }

    /// <summary>
    /// Gets or sets whether the client keeps to a budget that the upstream publishes in the headers of its answers.
    /// </summary>
    /// <remarks>
    /// <para>
    /// With it, nothing need be refused to find the limit: when answers say how many requests remain until when
    /// (<c>RateLimit</c> of draft-ietf-httpapi-ratelimit-headers, <c>X-RateLimit-Remaining</c> with <c>-Reset</c>, and
    /// their relatives), and that would be used up at the present pace, what remains is spread over the time to the
    /// reset. When nothing remains, nothing is sent until the reset, for 10 minutes at most, and then one probe.
    /// </para>
    /// <para>
    /// A budget of tokens, points or bytes, one that is renewed only after 6 hours, or one of another part of the API
    /// than the one before sets no pace. One that proves wrong, because something is refused although it had not run
    /// out, is dropped for a minute at least, and the limit is found by refusals as without it. It has no effect on
    /// <see cref="SendRateControllerKind.Cubic"/>.
    /// </para>
    /// </remarks>
    /// <value>The default is <see langword="true"/>.</value>
    public bool FollowPublishedBudget { get; set; } = true;

    /// <summary>Gets or sets the rate, in attempts per second, that the client keeps to from its first attempt
    /// on.</summary>
    /// <remarks>
    /// For an upstream whose limit is known: nothing has to be refused before the limiter works, and it never goes
    /// dormant. The controller goes on from here, up and down, as it learns; <see cref="MaxRate"/> is the bound that it
    /// keeps. A reload of the settings does not set the rate back.
    /// </remarks>
    /// <value>
    /// The default is <see langword="null"/>: dormant until the upstream throttles, and then the rate is found. From
    /// <see cref="MinRate"/> to <see cref="MaxRate"/>.
    /// </value>
    public double? InitialRate { get; set; }

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
