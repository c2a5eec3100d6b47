using Polly;
using RetryHandler.Retry;

namespace RetryHandler.Pipeline;

/// <summary>The loop as a Polly strategy, for pipelines of the user's own.</summary>
internal sealed class AdaptiveRetryResilienceStrategy(RetryLoop loop) : ResilienceStrategy<HttpResponseMessage>
{
    /// <summary>The property under which HTTP pipelines carry the message; equality is by name.</summary>
    private static readonly ResiliencePropertyKey<HttpRequestMessage> RequestKey = new("Resilience.Http.RequestMessage");

    protected override async ValueTask<Outcome<HttpResponseMessage>> ExecuteCore<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback,
        ResilienceContext context,
        TState state)
    {
        try
        {
            var request = context.Properties.GetValue(RequestKey, null!);
            var outcome = await loop
                .RunAsync(new CallbackSender<TState>(callback, context, state), request, context.CancellationToken)
                .ConfigureAwait(context.ContinueOnCapturedContext);
            return outcome.Exception is { } exception
                ? Outcome.FromException<HttpResponseMessage>(exception)
                : Outcome.FromResult(outcome.Response!);
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

        public async ValueTask<AttemptOutcome> SendAsync(CancellationToken cancellationToken)
        {
            var outcome = await callback(context, state).ConfigureAwait(context.ContinueOnCapturedContext);
            return outcome.Exception is { } exception
                ? new AttemptOutcome(exception)
                : new AttemptOutcome(outcome.Result!);
        }
    }
}
