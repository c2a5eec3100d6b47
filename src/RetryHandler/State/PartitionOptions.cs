namespace RetryHandler;

/// <summary>Settings of how the calls of a client are divided, so that each part has a limit of its own.</summary>
/// <remarks>
/// <para>
/// For upstreams that limit each host, API key or tenant by itself. Each partition has its own send rate, retry quota
/// and share of successes: nothing that one learns slows another. The circuit breaker and all settings are the
/// client's, and so are metrics and logs. <c>SetAdaptiveRetryPartition</c> on a request beats these settings.
/// </para>
/// <para>
/// Keys are compared ordinally and are not limited in length. They appear in the snapshots of
/// <see cref="IAdaptiveRetryMonitor"/> and thereby in the dashboard, never in metrics, traces or logs: take a name or a
/// hash instead of a secret.
/// </para>
/// </remarks>
public sealed class PartitionOptions
{
    /// <summary>Gets or sets by what the calls are divided.</summary>
    /// <remarks>Ignored when <see cref="KeySelector"/> is set.</remarks>
    /// <value>The default is <see cref="PartitionKind.None"/>.</value>
    public PartitionKind Kind { get; set; }

    /// <summary>Gets or sets what finds the partition of a request; beats <see cref="Kind"/>.</summary>
    /// <remarks>
    /// Called once for each call, before its first attempt, by several threads at a time. Its exception is the
    /// caller's, and nothing is sent.
    /// </remarks>
    /// <value>
    /// The default is <see langword="null"/>. Where it returns <see langword="null"/>, the request belongs to the
    /// client's default partition; an empty key is a key like any other.
    /// </value>
    public Func<HttpRequestMessage, string?>? KeySelector { get; set; }

    /// <summary>Gets or sets how many keys have a partition of their own at a time.</summary>
    /// <remarks>
    /// One more takes the place of the partition that has been idle longest, which forgets what it learned; never of
    /// one with a call under way. While every partition has calls under way, further keys share one more, the overflow
    /// partition. The default partition and the overflow partition are not counted.
    /// </remarks>
    /// <value>The default is 1000. Between 1 and 1,000,000; an idle partition takes less than 3 KB.</value>
    public int MaxPartitions { get; set; } = 1000;

    /// <summary>Gets or sets how long a partition without calls is kept.</summary>
    /// <remarks>
    /// After that it forgets what it learned. Its memory is freed with the client's next call or snapshot; no timer
    /// runs.
    /// </remarks>
    /// <value>The default is 10 minutes. Above 0 and at most 1 day.</value>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(10);
}
