using RetryHandler.Quota;
using RetryHandler.RateLimiting;
using RetryHandler.Replay;
using RetryHandler.Retry;
using RetryHandler.Telemetry;

namespace RetryHandler.State;

/// <summary>
/// What all callers of one client share, and what outlives its handlers: the loop with the settings in force, and for
/// each partition the retry quota and the send rate.
/// </summary>
internal sealed class ClientState
{
    // Of all calls without a key, which is every call of a client that is not partitioned.
    private readonly Partition _common;
    private readonly PartitionTable _partitions;
    private readonly IAttemptPipelineSource? _pipelines;
    private readonly SendRateControllerKind _law;

    private volatile Func<HttpRequestMessage, string?>? _selectKey;
    private int _nestingChecked;

    /// <summary>Makes the state of a client when its first handler is built.</summary>
    /// <param name="name">The client's name.</param>
    /// <param name="options">Valid settings.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="hub">Where the client is to be seen; by default where those without a provider are.</param>
    /// <param name="pipelines">What the attempts run inside.</param>
    /// <param name="nextDouble">Chance; random by default.</param>
    /// <param name="controller">The law of the default partition's send rate, if not the one of the settings.</param>
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
        _law = options.SendRate.Controller;
        hub ??= TelemetryHub.Shared;
        Telemetry = hub.Create(name, options.Logging, timeProvider);
        var factory = new PartitionFactory(Telemetry, _law, timeProvider, nextDouble);
        var settings = ClientSettings.From(options);
        var learned = factory.Learn(settings, controller);
        var environment = factory.EnvironmentFor(Telemetry.WatchAlone(learned.Quota, learned.Limiter));
        _common = new Partition(learned, environment, CreateLoop(options, learned, environment));
        _partitions = new PartitionTable(_common, settings, factory, timeProvider);
        Select(settings);
        Telemetry.WatchPartitions(() => _partitions.Watched);
        hub.Add(Telemetry); // Last: a delegate of the user's may have thrown, and then there is no client.
    }

    public string Name { get; }

    public ClientTelemetry Telemetry { get; }

    /// <summary>Gets the quota of the default partition.</summary>
    public RetryQuota Quota => _common.Learned.Quota;

    /// <summary>Gets the send rate of the default partition.</summary>
    public SendRateLimiter Limiter => _common.Learned.Limiter;

    /// <summary>
    /// Gets the default partition's loop with the settings in force; a call keeps to the one that it began with.
    /// </summary>
    public RetryLoop Loop => _common.Loop;

    /// <summary>Gets whether the client was looked at for a second retry layer.</summary>
    public bool IsNestingChecked => Volatile.Read(ref _nestingChecked) != 0;

    /// <summary>Lets exactly one caller do that.</summary>
    public bool ClaimNestingCheck() => !IsNestingChecked && Interlocked.Exchange(ref _nestingChecked, 1) == 0;

    /// <summary>Runs one call to its end, in its partition.</summary>
    /// <inheritdoc cref="RetryLoop.RunAsync{TSender}"/>
    public ValueTask<HttpResponseMessage> RunAsync<TSender>(
        TSender sender, HttpRequestMessage? request, CancellationToken cancellationToken)
        where TSender : struct, IAttemptSender =>
        KeyOf(request) is { } key
            ? RunInPartitionAsync(key, sender, request, cancellationToken)
            : _common.Loop.RunAsync(sender, request, cancellationToken);

    /// <summary>Puts other settings in force, for all handlers of the client; what was learned stays.</summary>
    /// <remarks>One at a time; calls may run meanwhile.</remarks>
    public void Apply(AdaptiveRetryOptions options)
    {
        // First what may throw, which is a delegate of the user's: all of the new settings or none.
        var settings = ClientSettings.From(options, _law);
        var loop = CreateLoop(options, _common.Learned, _common.Environment);
        Telemetry.Apply(options.Logging);
        _common.Apply(settings, loop);
        _partitions.Apply(settings, loop);
        Select(settings);
    }

    private async ValueTask<HttpResponseMessage> RunInPartitionAsync<TSender>(
        string key, TSender sender, HttpRequestMessage? request, CancellationToken cancellationToken)
        where TSender : struct, IAttemptSender
    {
        var partition = _partitions.Enter(key);
        try
        {
            return await partition.Loop.RunAsync(sender, request, cancellationToken)
                .ConfigureAwait(sender.ContinueOnCapturedContext);
        }
        finally
        {
            _partitions.Leave(partition);
        }
    }

    private string? KeyOf(HttpRequestMessage? request) =>
        request is null ? null
        : RequestTables.Partitions.TryFind(request, out var key) ? key
        : _selectKey?.Invoke(request);

    private void Select(ClientSettings settings)
    {
        if (settings.Partition.SelectKey is not null)
        {
            _common.Telemetry.CountApart();
        }

        _selectKey = settings.Partition.SelectKey;
    }

    private RetryLoop CreateLoop(AdaptiveRetryOptions options, LearnedState learned, RetryEnvironment environment) =>
        RetryLoop.Create(learned, options, _law, _pipelines?.For(options, Telemetry), environment);
}
