using RetryHandler.Replay;
using RetryHandler.Telemetry;

namespace RetryHandler.Retry;

/// <summary>What stays the same over all attempts of one call.</summary>
/// <param name="Request">The message; <see langword="null"/> in a pipeline that does not tell it.</param>
/// <param name="Replay">The message as it was before the first attempt.</param>
/// <param name="Deadline">When the call's total time ends.</param>
/// <param name="Trace">The call's trace, if somebody listens to traces.</param>
/// <param name="Caller">The caller's token.</param>
/// <param name="CancellationToken">The caller's token, linked with the total time.</param>
internal readonly record struct CallContext(
    HttpRequestMessage? Request,
    RequestReplay Replay,
    Deadline Deadline,
    CallTrace? Trace,
    CancellationToken Caller,
    CancellationToken CancellationToken)
{
    public TracedCall Told => new(Replay.Method, Trace);

    /// <summary>Says why a call ended with an exception that is not the upstream's.</summary>
    public RetryStopReason ReasonFor(Exception exception) =>
        Caller.IsCancellationRequested ? RetryStopReason.Cancelled
        : CancellationToken.IsCancellationRequested ? RetryStopReason.TimedOut
        : exception is OperationCanceledException ? RetryStopReason.Cancelled
        : RetryStopReason.Faulted;
}
