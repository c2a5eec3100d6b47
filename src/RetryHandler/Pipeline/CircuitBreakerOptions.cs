namespace RetryHandler;

/// <summary>Settings of the circuit breaker inside the retries: Polly's, one for each client.</summary>
/// <remarks>
/// While the circuit is open nothing is sent: a call fails at once with Polly's <c>BrokenCircuitException</c>, which
/// costs neither a send token nor retry quota. A call with a <see cref="AdaptiveRetryOptions.TotalTimeout"/> in which
/// the rest of the break fits waits for it instead.
/// </remarks>
public sealed class CircuitBreakerOptions
{
    /// <summary>Gets or sets whether there is a circuit breaker.</summary>
    /// <value>The default is <see langword="false"/>: the retry quota already bounds what an outage costs.</value>
    public bool Enabled { get; set; }

    /// <summary>Gets or sets the share of failed attempts that opens the circuit.</summary>
    /// <value>The default is 0.5. Above 0 and at most 1.</value>
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>Gets or sets how many attempts a sampling period needs before the circuit may open.</summary>
    /// <value>The default is 100 attempts (Polly). Between 2 and 1,000,000.</value>
    public int MinimumThroughput { get; set; } = 100;

    /// <summary>Gets or sets the period over which the share of failed attempts is taken.</summary>
    /// <value>The default is 30 seconds (Polly). Between 0.5 seconds and 1 day.</value>
    public TimeSpan SamplingDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how long the circuit stays open before one attempt may probe.</summary>
    /// <value>The default is 5 seconds (Polly). Between 0.5 seconds and 1 day.</value>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets whether throttled answers count as failures.</summary>
    /// <remarks>Usually wrong: an upstream that throttles is alive, and the send rate already follows it.</remarks>
    /// <value>The default is <see langword="false"/>: only transient failures count.</value>
    public bool CountThrottled { get; set; }
}
