using Polly;
using Polly.CircuitBreaker;
using RetryHandler.Classification;
using RetryHandler.Retry;
using RetryHandler.Telemetry;

namespace RetryHandler.Pipeline;

/// <summary>The Polly strategies around each attempt; kept for the life of the client's state.</summary>
internal sealed class AttemptPipeline(
    ResiliencePipeline<HttpResponseMessage> pipeline, ClientTelemetry telemetry) : IAttemptPipeline
{
    /// <summary>Carries the breaker's verdict to the loop, so that each outcome is judged once.</summary>
    private static readonly ResiliencePropertyKey<AttemptVerdict> VerdictKey = new("RetryHandler.Verdict");

    /// <summary>Carries the call's token, which outlives the attempt's time limit, to the breaker.</summary>
    private static readonly ResiliencePropertyKey<CancellationToken> CallTokenKey = new("RetryHandler.CallToken");

    /// <summary>Tells whether any strategy let the attempt through.</summary>
    private static readonly ResiliencePropertyKey<bool> SentKey = new("RetryHandler.Sent");

    /// <summary>Carries the rules in force to the breaker, which outlives them.</summary>
    private static readonly ResiliencePropertyKey<HttpOutcomeClassifier> ClassifierKey = new("RetryHandler.Classifier");

    /// <summary>Builds the client's pipeline, or nothing when no strategy is configured.</summary>
    public static AttemptPipeline? Create(
        ClientTelemetry telemetry,
        Action<ResiliencePipelineBuilder<HttpResponseMessage>>? configure,
        CircuitBreakerSettings breaker,
        TimeProvider timeProvider)
    {
        var watched = breaker.Enabled ? new CircuitBreakerStateProvider() : null;
        if (configure is null && watched is null)
        {
            telemetry.WatchBreaker(null);
            return null;
        }

        var builder = new ResiliencePipelineBuilder<HttpResponseMessage>
        {
            Name = telemetry.Name,
            TimeProvider = timeProvider,
        };
        if (watched is not null)
        {
            builder.AddCircuitBreaker(BreakerOptions(breaker, watched));
        }

        configure?.Invoke(builder);
        var pipeline = new AttemptPipeline(builder.Build(), telemetry);

        // Not before: when the user's delegate throws, the breaker before stays in force.
        telemetry.WatchBreaker(watched is null ? null : () => watched.CircuitState.ToBreakerState());
        return pipeline;
    }

    public async ValueTask<AttemptOutcome> SendAsync<TSender>(
        TSender sender,
        HttpRequestMessage? request,
        HttpOutcomeClassifier classifier,
        CancellationToken attemptToken,
        CancellationToken callToken)
        where TSender : struct, IAttemptSender
    {
        var context = ResilienceContextPool.Shared.Get(attemptToken);
        try
        {
            context.Properties.Set(RequestProperty.Key, request!);
            context.Properties.Set(CallTokenKey, callToken);
            context.Properties.Set(ClassifierKey, classifier);
            var outcome = await pipeline.ExecuteOutcomeAsync(
                static async (context, attempt) =>
                {
                    context.Properties.Set(SentKey, true);
                    var (sender, request) = attempt;
                    return (await sender.TrySendAsync(request, context.CancellationToken).ConfigureAwait(false))
                        .ToPolly();
                },
                context,
                (sender, request)).ConfigureAwait(false);
            telemetry.OnBreakerMoved();
            return outcome.ToAttempt() with
            {
                Verdict = await VerdictOfAsync(outcome, context.Properties, classifier).ConfigureAwait(false),
                WasNeverSent = !context.Properties.GetValue(SentKey, false),
            };
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>
    /// Gets the verdict, if there is one already: the breaker's, or that a strategy let nothing through.
    /// </summary>
    private static async ValueTask<AttemptVerdict?> VerdictOfAsync(
        Outcome<HttpResponseMessage> outcome, ResilienceProperties properties, HttpOutcomeClassifier classifier)
    {
        if (outcome.Exception is not { } exception || properties.GetValue(SentKey, false))
        {
            return properties.TryGetValue(VerdictKey, out var known) ? known : null;
        }

        if (exception is OperationCanceledException or BrokenCircuitException)
        {
            return exception is BrokenCircuitException circuit ? NeverSent(circuit) : null;
        }

        // A fault that a strategy made up, or a timeout while it waited for its turn, is judged as if it had been sent.
        var verdict = await classifier.ClassifyAsync(outcome.ToAttempt(), CancellationToken.None).ConfigureAwait(false);
        return verdict.IsRetryable ? verdict with { KnownNotProcessed = true } : NeverSent(null);
    }

    private static AttemptVerdict NeverSent(BrokenCircuitException? circuit) => new()
    {
        Kind = circuit is null ? FailureKind.Permanent : FailureKind.Transient,
        KnownNotProcessed = true,
        NeverSent = true,
        ServerDelay = circuit?.RetryAfter,
        Rule = circuit is null ? "refused-inside" : "circuit-open",
    };

    private static CircuitBreakerStrategyOptions<HttpResponseMessage> BreakerOptions(
        CircuitBreakerSettings settings, CircuitBreakerStateProvider watched) =>
        new()
        {
            StateProvider = watched,
            FailureRatio = settings.FailureRatio,
            MinimumThroughput = settings.MinimumThroughput,
            SamplingDuration = settings.SamplingDuration,
            BreakDuration = settings.BreakDuration,
            ShouldHandle = async args =>
            {
                var callToken = args.Context.Properties.GetValue(CallTokenKey, CancellationToken.None);
                if (args.Outcome.Exception is OperationCanceledException && callToken.IsCancellationRequested)
                {
                    return false;
                }

                var classifier = args.Context.Properties.GetValue(ClassifierKey, null!);
                var verdict = await classifier.ClassifyAsync(args.Outcome.ToAttempt(), callToken).ConfigureAwait(false);
                args.Context.Properties.Set(VerdictKey, verdict);
                return verdict.Kind == FailureKind.Transient
                    || (settings.CountThrottled && verdict.Kind == FailureKind.Throttled);
            },
        };
}
