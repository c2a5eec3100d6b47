using System.Runtime.ExceptionServices;
using RetryHandler.RateLimiting;
using RetryHandler.Replay;
using RetryHandler.Telemetry;

namespace RetryHandler.Retry;

/// <summary>One call: what stays the same over its attempts, and what came of the last one.</summary>
/// <remarks>
/// Used again for later calls, because each field that the loop kept in its own state would be allocated with every
/// call that waits for its answer. It belongs to the loop from <see cref="Begin"/> to <see cref="Finish"/>; nothing
/// that may outlive the call, such as a strategy that hedges, gets to see it. A call that ends with an exception of its
/// own leaves it to the garbage collector.
/// </remarks>
internal sealed class CallState
{
    /// <summary>How many each thread keeps: as many as its share of the calls that are usual at a time.</summary>
    private const int MostKept = 64;

    [ThreadStatic]
    private static CallState? Kept;

    private CallState? _next;
    private int _depth;
    private object? _firstAttempt;
    private TimeoutScope? _total;
    private AttemptVerdict _verdict;

    private CallState()
    {
    }

    /// <summary>Gets the message as it was before the first attempt.</summary>
    public RequestReplay Replay { get; } = new();

    /// <summary>Gets the message; <see langword="null"/> in a pipeline that does not tell it.</summary>
    public HttpRequestMessage? Request => Replay.Request;

    /// <summary>Gets what is left of the call's total time.</summary>
    public TimeSpan TimeLeft => _total?.TimeLeft ?? TimeSpan.MaxValue;

    /// <summary>Gets the call's trace, if somebody listens to traces.</summary>
    public CallTrace? Trace { get; private set; }

    /// <summary>Gets the caller's token.</summary>
    public CancellationToken Caller => _total?.Caller ?? CancellationToken;

    /// <summary>Gets the caller's token, linked with the total time.</summary>
    public CancellationToken CancellationToken { get; private set; }

    /// <summary>Gets or sets the number of the attempt, from 1.</summary>
    public int Attempt { get; set; }

    /// <summary>Gets how many attempts were sent, once the last one is judged: a circuit may hold them back.</summary>
    public int Sent => Verdict.NeverSent ? Attempt - 1 : Attempt;

    /// <summary>Gets or sets the leave to send it.</summary>
    public SendPermit Permit { get; set; }

    /// <summary>Gets or sets what was decided after the attempt before.</summary>
    public RetryDecision Retry { get; set; }

    /// <summary>Gets or sets how long the call has waited so far, backoff included.</summary>
    public TimeSpan Waited { get; set; }

    /// <summary>Gets or sets how long the last attempt stood in the limiter's queue.</summary>
    public TimeSpan TokenWait { get; set; }

    /// <summary>Gets the response of the last attempt.</summary>
    public HttpResponseMessage? Response { get; private set; }

    /// <summary>Gets the exception of the last attempt.</summary>
    public Exception? Exception { get; private set; }

    /// <summary>Gets what came of the last attempt was judged to be; by reference, because it is large.</summary>
    public ref AttemptVerdict Verdict => ref _verdict;

    /// <summary>Gets whether a strategy around the last attempt has judged it already.</summary>
    public bool IsJudged { get; private set; }

    /// <summary>Gets whether a strategy around the last attempt let nothing through.</summary>
    public bool WasNeverSent { get; private set; }

    /// <summary>Gets what telemetry has to know of the call.</summary>
    public TracedCall Traced => new(Replay.Method, Trace);

    /// <summary>Gets the outcome of the last attempt, for others to look at.</summary>
    public AttemptOutcome Outcome =>
        Exception is { } exception ? new AttemptOutcome(exception) { Verdict = Verdict }
        : Response is { } response ? new AttemptOutcome(response) { Verdict = Verdict }
        : new AttemptOutcome { Verdict = Verdict };

    /// <summary>Begins a call, before its first attempt.</summary>
    /// <param name="request">The message, if known.</param>
    /// <param name="trace">The call's trace, if somebody listens.</param>
    /// <param name="total">The call's total time, if it has one.</param>
    /// <param name="cancellationToken">The caller's token, linked with the total time.</param>
    public static CallState Begin(
        HttpRequestMessage? request, CallTrace? trace, TimeoutScope? total, CancellationToken cancellationToken)
    {
        ref var kept = ref Kept;
        if (kept is { } call)
        {
            (kept, call._next) = (call._next, null);
        }
        else
        {
            call = new CallState();
        }

        call.Replay.Begin(request);
        (call.Attempt, call.CancellationToken) = (1, cancellationToken);
        if (trace is not null || total is not null)
        {
            (call.Trace, call._total) = (trace, total);
        }

        return call;
    }

    /// <summary>Gets what waits for the first attempt; the same for each call by the same door.</summary>
    public FirstAttempt<TSender> FirstAttempt<TSender>()
        where TSender : struct, IAttemptSender
    {
        if (_firstAttempt is not FirstAttempt<TSender> first)
        {
            _firstAttempt = first = new FirstAttempt<TSender>(this);
        }

        return first;
    }

    /// <summary>Takes what came of an attempt.</summary>
    public void Take(in AttemptOutcome outcome)
    {
        (Response, Exception) = (outcome.Response, outcome.Exception);
        WasNeverSent = outcome.WasNeverSent;
        IsJudged = outcome.Verdict is not null;
        Verdict = outcome.Verdict.GetValueOrDefault();
    }

    /// <summary>Puts the message back into its first state before a repeat, and forgets the attempt before.</summary>
    public void Renew()
    {
        if (Response is not null || Exception is not null)
        {
            Replay.Restore();
            Take(default);
        }
    }

    /// <summary>Says why a call ended with an exception that is not the upstream's.</summary>
    public RetryStopReason ReasonFor(Exception exception) =>
        Caller.IsCancellationRequested ? RetryStopReason.Cancelled
        : CancellationToken.IsCancellationRequested ? RetryStopReason.TimedOut
        : exception is OperationCanceledException ? RetryStopReason.Cancelled
        : RetryStopReason.Faulted;

    /// <summary>Ends the call with what came of the last attempt; nobody may use this object afterwards.</summary>
    /// <returns>The response.</returns>
    public HttpResponseMessage Finish()
    {
        var (response, exception) = (Response, Exception);
        (Response, Exception) = (null, null);
        (Retry, Verdict, IsJudged, WasNeverSent) = (default, default, false, false);
        (Waited, TokenWait) = (default, default);
        FinishAtOnce();
        if (exception is not null)
        {
            // Unchanged and with its own stack: never wrapped into an exception of ours.
            ExceptionDispatchInfo.Throw(exception);
        }

        return response!;
    }

    /// <summary>Ends a call of which nothing is known but that its first attempt succeeded.</summary>
    public void FinishAtOnce()
    {
        Replay.End();
        CancellationToken = default;
        if (Trace is not null || _total is not null)
        {
            (Trace, _total) = (null, null);
        }

        ref var kept = ref Kept;
        _depth = kept is null ? 1 : kept._depth + 1;
        if (_depth <= MostKept)
        {
            (_next, kept) = (kept, this);
        }
    }
}
