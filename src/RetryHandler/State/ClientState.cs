using RetryHandler.Backoff;
using RetryHandler.Quota;
using RetryHandler.RateLimiting;
using RetryHandler.Retry;
using RetryHandler.Telemetry;

namespace RetryHandler.State;

/// <summary>
/// What all callers of one client share, and what outlives its handlers: the loop with the settings in force, the retry
/// quota and the send rate.
/// </summary>
internal sealed class ClientState
{
    private readonly LearnedState _learned;
    private readonly RetryEnvironment _environment;
    private readonly IAttemptPipelineSource? _pipelines;

    private volatile RetryLoop _loop;
    private int _nestingChecked;

    /// <summary>Makes the state of a client when its first handler is built.</summary>
    /// <param name="name">The client's name.</param>
    /// <param name="options">Valid settings.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="hub">Where the client is to be seen; by default where those without a provider are.</param>
    /// <param name="pipelines">What the attempts run inside.</param>
    /// <param name="nextDouble">Chance; random by default.</param>
    /// <param name="controller">The law of the send rate, if not the one of the settings.</param>
    public ClientState(
        string name,
        AdaptiveRetryOptions options,
        TimeProvider timeProvider,
        TelemetryHub? hub = null,
        IAttemptPipelineSource? pipelines = null,
        Func<double>? nextDouble = null,
        ISendRateController? controller = null)
    {
        Name = name;
        _pipelines = pipelines;
        _learned = new LearnedState(
            new RetryQuota(QuotaOf(options), timeProvider),
            new SendRateLimiter(name, SendRateOf(options), controller ?? ControllerOf(options), timeProvider),
            new SuccessShare());
        var telemetry = (hub ?? TelemetryHub.Shared).Add(name, options.Logging, timeProvider);
        _environment = RetryEnvironment.For(telemetry.WatchAlone(Quota, Limiter), timeProvider, nextDouble);
        _loop = CreateLoop(options);
    }

    public string Name { get; }

    public RetryQuota Quota => _learned.Quota;

    public SendRateLimiter Limiter => _learned.Limiter;

    public ClientTelemetry Telemetry => _environment.Telemetry.Client;

    /// <summary>Gets the loop with the settings in force; a call keeps to the one that it began with.</summary>
    public RetryLoop Loop => _loop;

    /// <summary>Gets whether the client was looked at for a second retry layer.</summary>
    public bool IsNestingChecked => Volatile.Read(ref _nestingChecked) != 0;

    /// <summary>Lets exactly one caller do that.</summary>
    public bool ClaimNestingCheck() => !IsNestingChecked && Interlocked.Exchange(ref _nestingChecked, 1) == 0;

    /// <summary>Puts other settings in force, for all handlers of the client; what was learned stays.</summary>
    /// <remarks>One at a time; calls may run meanwhile.</remarks>
    public void Apply(AdaptiveRetryOptions options)
    {
        Quota.Apply(QuotaOf(options));
        Limiter.Apply(SendRateOf(options));
        _environment.Telemetry.Client.Apply(options.Logging);
        _loop = CreateLoop(options);
    }

    private RetryLoop CreateLoop(AdaptiveRetryOptions options) => RetryLoop.Create(
        _learned, options, _pipelines?.For(options, _environment.Telemetry.Client), _environment);

    private static bool IsProbing(AdaptiveRetryOptions options) =>
        options.SendRate.Controller == SendRateControllerKind.Probing;

    private static ISendRateController ControllerOf(AdaptiveRetryOptions options) =>
        IsProbing(options) ? new ProbingController() : new CubicController(now: 0);

    private static RetryQuotaSettings QuotaOf(AdaptiveRetryOptions options) => new(
        options.Quota.Capacity,
        options.Quota.RefillPerMinute,
        options.Quota.FirstTryRefund,
        options.Quota.Kind,
        options.Quota.MaxRatio,
        options.Quota.MinRetriesPerSecond);

    private static SendRateSettings SendRateOf(AdaptiveRetryOptions options) => new(
        options.SendRate.MinRate ?? (IsProbing(options) ? 1 / 60.0 : CubicController.MinRate),
        options.SendRate.MaxRate ?? double.PositiveInfinity,
        options.SendRate.MaxWait,
        options.SendRate.QueueLimit ?? int.MaxValue)
    {
        LongestClosureToWaitFor = options.ServerDelay.MaxDelay,
    };
}
