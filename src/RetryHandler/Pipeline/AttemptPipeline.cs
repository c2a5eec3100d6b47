using Polly;
using Polly.CircuitBreaker;
using RetryHandler.Classification;
using RetryHandler.Retry;

namespace RetryHandler.Pipeline;

/// <summary>The Polly strategies around each attempt; kept for the life of the client's state.</summary>
internal sealed class AttemptPipeline(ResiliencePipeline<HttpResponseMessage> pipeline) : IAttemptPipeline
{
    /// <summary>Carries the breaker's verdict to the loop, so that each outcome is judged once.</summary>
    private static readonly ResiliencePropertyKey<AttemptVerdict> VerdictKey = new("RetryHandler.Verdict");

    /// <summary>Builds the client's pipeline, or nothing when no strategy is configured.</summary>
    public static AttemptPipeline? Create(string clientName, AdaptiveRetryOptions options, TimeProvider timeProvider)
    {
        if (options.AttemptPipeline is null && !options.CircuitBreaker.Enabled)
        {
            return null;
        }

        var builder = new ResiliencePipelineBuilder<HttpResponseMessage>
        {
            Name = clientName,
            TimeProvider = timeProvider,
        };
        if (options.CircuitBreaker.Enabled)
        {
            var classifier = new HttpOutcomeClassifier(new ClassificationSettings(options.Classification), timeProvider);
            builder.AddCircuitBreaker(BreakerOptions(options.CircuitBreaker, classifier));
        }

        options.AttemptPipeline?.Invoke(builder);
        return new AttemptPipeline(builder.Build());
    }

    public async ValueTask<AttemptOutcome> SendAsync<TSender>(
        TSender sender, HttpRequestMessage? request, CancellationToken cancellationToken)
        where TSender : struct, IAttemptSender
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            context.Properties.Set(RequestProperty.Key, request!);
            var outcome = await pipeline.ExecuteOutcomeAsync(
                static async (context, sender) =>
                    (await sender.SendAsync(context.CancellationToken).ConfigureAwait(false)).ToPolly(),
                context,
                sender).ConfigureAwait(false);
            return outcome.Exception is BrokenCircuitException e
                ? new AttemptOutcome(e) { Verdict = CircuitOpen(e) }
                : outcome.ToAttempt() with
                {
                    Verdict = context.Properties.TryGetValue(VerdictKey, out var verdict) ? verdict : null,
                };
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static CircuitBreakerStrategyOptions<HttpResponseMessage> BreakerOptions(
        CircuitBreakerOptions options, HttpOutcomeClassifier classifier) => new()
        {
            FailureRatio = options.FailureRatio,
            MinimumThroughput = options.MinimumThroughput,
            SamplingDuration = options.SamplingDuration,
            BreakDuration = options.BreakDuration,
            ShouldHandle = async args =>
            {
                if (args.Outcome.Exception is OperationCanceledException
                    && args.Context.CancellationToken.IsCancellationRequested)
                {
                    return false;
                }

                var verdict = await classifier
                    .ClassifyAsync(args.Outcome.ToAttempt(), args.Context.CancellationToken).ConfigureAwait(false);
                args.Context.Properties.Set(VerdictKey, verdict);
                return verdict.Kind == FailureKind.Transient
                    || (options.CountThrottled && verdict.Kind == FailureKind.Throttled);
            },
        };

    private static AttemptVerdict CircuitOpen(BrokenCircuitException e) => new()
    {
        Kind = FailureKind.Transient,
        KnownNotProcessed = true,
        NeverSent = true,
        ServerDelay = e.RetryAfter,
        Rule = "circuit-open",
    };
}
