using Polly;
using RetryHandler.Retry;

namespace RetryHandler.Pipeline;

/// <summary>The Polly strategies that the user put around each attempt; kept for the life of the client's state.</summary>
internal sealed class AttemptPipeline(ResiliencePipeline<HttpResponseMessage> pipeline) : IAttemptPipeline
{
    /// <summary>Builds the client's pipeline, or nothing when no strategy is configured.</summary>
    public static AttemptPipeline? Create(string clientName, AdaptiveRetryOptions options, TimeProvider timeProvider)
    {
        if (options.AttemptPipeline is not { } configure)
        {
            return null;
        }

        var builder = new ResiliencePipelineBuilder<HttpResponseMessage>
        {
            Name = clientName,
            TimeProvider = timeProvider,
        };
        configure(builder);
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
            return outcome.ToAttempt();
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }
}
