using Polly;
using RetryHandler.Retry;
using RetryHandler.State;

namespace RetryHandler.Pipeline;

/// <summary>The loop as a Polly strategy, for pipelines of the user's own.</summary>
internal sealed class AdaptiveRetryResilienceStrategy(ClientState client) : ResilienceStrategy<HttpResponseMessage>
{
    protected override async ValueTask<Outcome<HttpResponseMessage>> ExecuteCore<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback,
        ResilienceContext context,
        TState state)
    {
        try
        {
            var request = context.Properties.GetValue(RequestProperty.Key, null!);
            var response = await client
                .RunAsync(new CallbackSender<TState>(callback, context, state), request, context.CancellationToken)
                .ConfigureAwait(context.ContinueOnCapturedContext);
            return Outcome.FromResult(response);
        }
        catch (Exception e)
        {
            // A strategy must not throw: outer strategies look at outcomes.
            return Outcome.FromException<HttpResponseMessage>(e);
        }
    }

    private readonly struct CallbackSender<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback,
        ResilienceContext context,
        TState state) : IAttemptSender
    {
        public bool IsSynchronous => false;

        public bool ContinueOnCapturedContext => context.ContinueOnCapturedContext;

        // Callbacks of ExecuteOutcomeAsync should not throw; those that do are retried by Polly's own retry too.
        public async ValueTask<HttpResponseMessage> SendAsync(
            HttpRequestMessage? request, CancellationToken cancellationToken)
        {
            var outcome = await callback(context, state).ConfigureAwait(context.ContinueOnCapturedContext);
            outcome.ThrowIfException();
            return outcome.Result!;
        }
    }
}
