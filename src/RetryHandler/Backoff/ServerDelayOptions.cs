namespace RetryHandler;

/// <summary>Settings of the delays that the upstream asks for (<c>Retry-After</c> and its relatives).</summary>
public sealed class ServerDelayOptions
{
    /// <summary>Gets or sets whether delays asked for by the upstream are honoured.</summary>
    /// <remarks>When off, the computed backoff alone decides; a refusal is then often repeated too early.</remarks>
    /// <value>The default is <see langword="true"/>.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>Gets or sets the longest delay asked for by the upstream that a call waits for.</summary>
    /// <remarks>
    /// A longer one ends the retries: the caller gets the upstream's response at once, because to wait for less than
    /// asked only earns another refusal. With the send rate limited, as in <see cref="RetryMode.Adaptive"/>, a longer
    /// delay of a throttled answer holds back the whole client: until it is over, or for 10 minutes at most before one
    /// attempt probes, calls fail at once with <see cref="SendRateLimitedException"/>. From 6 hours on it is the end of
    /// a used-up quota.
    /// </remarks>
    /// <value>The default is 60 seconds. Between 0 (never wait for the upstream) and 1 day.</value>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(60);
}
