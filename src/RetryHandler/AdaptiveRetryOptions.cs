using Microsoft.Extensions.Primitives;
using Polly;

namespace RetryHandler;

/// <summary>All retry settings of one <see cref="HttpClient"/>.</summary>
/// <remarks>
/// The values are validated and copied when the client's handler is first built; later changes to the object have no
/// effect. Values that are not set come from <see cref="Mode"/>.
/// </remarks>
public sealed class AdaptiveRetryOptions
{
    /// <summary>Gets or sets the mode that fills in all values that are not set.</summary>
    /// <value>The default is <see cref="RetryMode.Adaptive"/>.</value>
    public RetryMode Mode { get; set; }

    /// <summary>Gets or sets how many attempts a call may make, the first one included, whatever the failure.</summary>
    /// <remarks>
    /// Counts attempts as the AWS SDKs do (<c>AWS_MAX_ATTEMPTS</c>): 3 means one call and two retries, where Polly's
    /// <c>MaxRetryAttempts</c> would be 2. <see cref="FailureRetryOptions.MaxAttempts"/> of <see cref="Transient"/> and
    /// <see cref="Throttled"/> beats it.
    /// </remarks>
    /// <value>
    /// The default is <see langword="null"/>: Adaptive 3 transient and 10 throttled, Standard 3, Legacy 5.
    /// Between 1 (never retry) and 100.
    /// </value>
    public int? MaxAttempts { get; set; }

    /// <summary>Gets the settings of retries after a fault that may pass.</summary>
    public FailureRetryOptions Transient { get; } = new();

    /// <summary>Gets the settings of retries after an attempt that took too long.</summary>
    /// <remarks>Values that are not set come from <see cref="Transient"/>.</remarks>
    public FailureRetryOptions TransientTimeout { get; } = new();

    /// <summary>Gets the settings of retries after a refused or broken connection.</summary>
    /// <remarks>Values that are not set come from <see cref="Transient"/>.</remarks>
    public FailureRetryOptions TransientNetwork { get; } = new();

    /// <summary>Gets the settings of retries after an error status such as 500 or 503.</summary>
    /// <remarks>Values that are not set come from <see cref="Transient"/>.</remarks>
    public FailureRetryOptions TransientServerError { get; } = new();

    /// <summary>Gets the settings of retries after a throttled answer.</summary>
    public FailureRetryOptions Throttled { get; } = new();

    /// <summary>Gets the settings of the retry quota.</summary>
    public RetryQuotaOptions Quota { get; } = new();

    /// <summary>Gets the settings of the send-rate limiter.</summary>
    public SendRateOptions SendRate { get; } = new();

    /// <summary>Gets the settings of the rules that judge outcomes.</summary>
    public ClassificationOptions Classification { get; } = new();

    /// <summary>Gets the settings of delays that the upstream asks for.</summary>
    public ServerDelayOptions ServerDelay { get; } = new();

    /// <summary>Gets the settings of when a request may be sent again.</summary>
    public ReplayOptions Replay { get; } = new();

    /// <summary>Gets the settings of how the calls are divided, so that each part has a limit of its own.</summary>
    public PartitionOptions Partition { get; } = new();

    /// <summary>Gets the settings of the circuit breaker.</summary>
    public CircuitBreakerOptions CircuitBreaker { get; } = new();

    /// <summary>Gets the levels at which the client logs.</summary>
    public LoggingOptions Logging { get; } = new();

    /// <summary>Gets or sets how long one attempt may take until its response headers have arrived.</summary>
    /// <remarks>
    /// An attempt that takes longer is cancelled and counts as a transient failure. Reading the body of the response
    /// that is handed on is not limited by it. The Polly strategy refuses it: add Polly's timeout inside it instead.
    /// </remarks>
    /// <value>The default is <see langword="null"/>: no limit. Above 0 and at most 1 day.</value>
    public TimeSpan? AttemptTimeout { get; set; }

    /// <summary>Gets or sets how long a call may take, all attempts and waits included.</summary>
    /// <remarks>
    /// A wait that does not fit into what is left is not begun: the caller gets the upstream's last response at once.
    /// When the time ends during an attempt, the call fails like an <c>HttpClient.Timeout</c> does, with a
    /// <see cref="TaskCanceledException"/> around a <see cref="TimeoutException"/>. <c>HttpClient.Timeout</c>
    /// (100 seconds unless changed) also spans all attempts and waits, but this library can't see it.
    /// </remarks>
    /// <value>The default is <see langword="null"/>: no limit. Above 0 and at most 1 day.</value>
    public TimeSpan? TotalTimeout { get; set; }

    /// <summary>Gets or sets what is called before each retry; it may rule the retry out.</summary>
    /// <remarks>
    /// Called when everything else allows the retry, before the wait. When it returns <see langword="false"/>, the
    /// caller gets the outcome with <see cref="RetryStopReason.Vetoed"/>, and nothing is paid. Its exception ends the
    /// call and is the caller's. In a synchronous call it blocks the caller's thread.
    /// </remarks>
    /// <value>The default is <see langword="null"/>: nothing is called.</value>
    public Func<OnAdaptiveRetryArguments, ValueTask<bool>>? OnRetry { get; set; }

    /// <summary>Gets or sets what is called when a failed call makes no further attempt.</summary>
    /// <remarks>
    /// Called with the response or exception that the caller gets afterwards, for permanent failures too; not after a
    /// success, and not when the caller cancelled, <see cref="TotalTimeout"/> passed, code of the user's threw, or an
    /// attempt was held back (<see cref="SendRateLimitedException"/>). Its exception is the caller's, instead of the
    /// outcome. In a synchronous call it blocks the caller's thread.
    /// </remarks>
    /// <value>The default is <see langword="null"/>: nothing is called.</value>
    public Func<OnAdaptiveRetryStopArguments, ValueTask>? OnStop { get; set; }

    /// <summary>Gets what a configuration said that can't be understood.</summary>
    internal List<string> ConfigurationProblems { get; } = [];

    /// <summary>Gets the signs that a configuration has changed since these settings were read from it.</summary>
    internal List<IChangeToken> Sources { get; } = [];

    /// <summary>Gets whether a configuration has changed since these settings were read from it.</summary>
    internal bool IsOutdated => Sources.Exists(static source => source.HasChanged);

    internal Action<ResiliencePipelineBuilder<HttpResponseMessage>>? AttemptPipeline { get; private set; }

    /// <summary>
    /// Adds Polly strategies that each attempt runs inside, between the send token and the inner handlers.
    /// </summary>
    /// <remarks>
    /// For a circuit breaker, a bulkhead, chaos, or a strategy of your own. The pipeline is built once for each client
    /// and outlives its handlers. Its exceptions are judged like those of the inner handlers. Calls add up. The Polly
    /// strategy refuses it: add the strategies inside it instead.
    /// </remarks>
    /// <param name="configure">Adds the strategies, the outermost first.</param>
    /// <exception cref="ArgumentNullException"><paramref name="configure"/> is <see langword="null"/>.</exception>
    public void ConfigureAttemptPipeline(Action<ResiliencePipelineBuilder<HttpResponseMessage>> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        AttemptPipeline += configure;
    }
}
