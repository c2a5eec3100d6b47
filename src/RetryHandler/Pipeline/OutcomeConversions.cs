using Polly;
using Polly.CircuitBreaker;

namespace RetryHandler.Pipeline;

/// <summary>Polly's outcomes and ours say the same thing. A callback may return no response at all.</summary>
internal static class OutcomeConversions
{
    public static Outcome<HttpResponseMessage> ToPolly(this in AttemptOutcome outcome) =>
        outcome.Exception is { } exception
            ? Outcome.FromException<HttpResponseMessage>(exception)
            : Outcome.FromResult(outcome.Response!);

    public static AttemptOutcome ToAttempt(this in Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is { } exception ? new AttemptOutcome(exception)
        : outcome.Result is { } response ? new AttemptOutcome(response)
        : default;

    public static BreakerState ToBreakerState(this CircuitState state) => state switch
    {
        CircuitState.Open => BreakerState.Open,
        CircuitState.HalfOpen => BreakerState.HalfOpen,
        _ => BreakerState.Closed,
    };
}
