using System.Net;
using RetryHandler.Quota;
using RetryHandler.RateLimiting;

namespace RetryHandler.Telemetry;

/// <summary>What the loop tells, once for each thing that happens, in one partition of a client.</summary>
internal sealed class PartitionTelemetry(
    ClientTelemetry client, string? key, RetryQuota quota, SendRateLimiter limiter, PartitionRole role)
{
    // The only partition's counts are the client's: nothing is counted twice for clients without partitions.
    private volatile CallCounters? _counters = role == PartitionRole.Common ? null : new CallCounters();
    private int _phase;
    private string? _throttledBy;
    private long _slowedAtTicks;
    private int _tooFewTokens = -1;

    public ClientTelemetry Client => client;

    public string? Key => key;

    public SendRateLimiter Limiter => limiter;

    public CallCounters Counters => _counters ?? client.Counters;

    public PartitionRole Role => role;

    /// <summary>Gets whether a call was counted here, and not only for the client.</summary>
    public bool IsUsed => _counters?.Read().Calls > 0;

    /// <summary>Counts calls here too from now on: the client gets other partitions.</summary>
    public void CountApart() => _counters ??= new CallCounters();

    public CallTrace? BeginTrace() => CallTrace.Begin(client);

    /// <summary>Notes an attempt that was sent and judged.</summary>
    public void OnAttempt(in TracedCall call, int attempt, in AttemptVerdict verdict, HttpStatusCode? status)
    {
        client.Metrics.Attempt(client.Name, call.Method, TagValues.Of(verdict.Kind), (int?)status);
        if (verdict.Kind == FailureKind.None && attempt == 1)
        {
            return; // Counted with the call's end, in one step.
        }

        client.Counters.Attempt(verdict.Kind);
        _counters?.Attempt(verdict.Kind);
        if (verdict.Kind == FailureKind.Throttled)
        {
            _throttledBy = verdict.Rule;
            client.Metrics.Throttle(client.Name, verdict.Rule);
        }

        if (verdict.Kind != FailureKind.None)
        {
            client.Log.AttemptFailed(call.Method, attempt, verdict, (int?)status);
        }
    }

    /// <summary>Notes an attempt that was sent, and whose answer nobody waited for or could judge.</summary>
    public void OnAttemptAbandoned(in TracedCall call)
    {
        client.Metrics.Attempt(client.Name, call.Method, TagValues.Abandoned, status: null);
        client.Counters.AbandonedAttempt();
        _counters?.AbandonedAttempt();
    }

    public void OnTokenWait(in TracedCall call, TimeSpan wait)
    {
        if (wait <= TimeSpan.Zero)
        {
            return;
        }

        client.Metrics.TokenWait(client.Name, wait);
        client.Log.Waited(call.Method, wait);
        call.Trace?.OnTokenWait(call.Method, wait);
    }

    public void OnRetry(
        in TracedCall call, int attempt, in AttemptVerdict verdict, TimeSpan delay, HttpStatusCode? status)
    {
        client.Counters.Retry(verdict.Kind);
        _counters?.Retry(verdict.Kind);
        client.Metrics.Retry(client.Name, call.Method, verdict.Kind, delay);
        client.Log.Retrying(call.Method, attempt, verdict, delay);
        call.Trace?.OnRetry(call.Method, attempt, verdict, delay, (int?)status);
        client.Add(Event(RetryEventKind.Retrying) with
        {
            Method = TagValues.Method(call.Method),
            Attempt = attempt,
            Failure = verdict.Kind,
            Rule = verdict.Rule,
            Status = (int?)status,
            Delay = delay,
        });
    }

    /// <summary>Notes the end of a call with the upstream's answer, or with the last exception.</summary>
    public void OnEnd(
        in TracedCall call, int attempt, RetryStopReason reason, in AttemptVerdict verdict, HttpStatusCode? status)
    {
        if (reason == RetryStopReason.Succeeded && attempt == 1)
        {
            client.Counters.SuccessAtOnce();
            _counters?.SuccessAtOnce();
        }
        else
        {
            CountEnd(reason);
            if (reason == RetryStopReason.RetryQuotaExhausted)
            {
                Volatile.Write(ref _tooFewTokens, quota.Available);
            }

            Tell(call, attempt, reason, verdict, (int?)status);
        }

        client.Metrics.End(client.Name, call.Method, reason, verdict.Kind, (int?)status);
        call.Trace?.OnEnd(attempt, reason);
    }

    /// <summary>Notes the end of a call whose caller left, whose time was up, or that somebody's code broke.</summary>
    public void OnAbandoned(in TracedCall call, int attempts, RetryStopReason reason)
    {
        CountEnd(reason);
        client.Metrics.End(client.Name, call.Method, reason, kind: null, status: null);
        call.Trace?.OnEnd(attempts, reason);
    }

    /// <summary>Notes the end of a call whose next attempt would have waited too long for a token.</summary>
    public void OnNotSent(in TracedCall call, int attempt)
    {
        client.Log.NotSent(call.Method, attempt);
        client.Add(Event(RetryEventKind.NotSent) with
        {
            Method = TagValues.Method(call.Method),
            Attempt = attempt,
            Reason = RetryStopReason.SendRateLimited,
        });
        OnAbandoned(call, attempt - 1, RetryStopReason.SendRateLimited);
    }

    /// <summary>Looks at the limiter after it learned something; tells each change of its state once.</summary>
    public void OnLimiterMoved(SendRateLimiter moved)
    {
        var phase = moved.Phase;
        if (Volatile.Read(ref _phase) == (int)phase)
        {
            return;
        }

        var before = (LimiterState)Interlocked.Exchange(ref _phase, (int)phase);
        if (before != phase)
        {
            TellChange(before, phase, moved.State);
        }
    }

    public SendRateSnapshot TakeSendRate()
    {
        var state = limiter.State;
        var isSlowed = state.IsLimiting;
        return new SendRateSnapshot
        {
            State = limiter.Phase,
            Kind = state.Kind,
            SendRate = isSlowed ? state.FillRate : null,
            MeasuredRate = state.MeasuredRate,
            Tokens = state.Tokens,
            Waiting = state.Waiting,
            SlowedSince = isSlowed ? SlowedSince() : null,
            SlowedBy = isSlowed ? RuleOf(state) : null,
            ClosedFor = isSlowed && state.IsClosed ? TimeSpan.FromSeconds(state.ClosedFor) : null,
        };
    }

    public QuotaSnapshot TakeQuota()
    {
        var available = quota.Available;
        return new(available, quota.Capacity) { IsEmpty = available <= Volatile.Read(ref _tooFewTokens) };
    }

    // The limiter wakes a moment before its change is told.
    private DateTimeOffset SlowedSince() => Interlocked.Read(ref _slowedAtTicks) is > 0 and var ticks
        ? new DateTimeOffset(ticks, TimeSpan.Zero)
        : client.UtcNow;

    private void CountEnd(RetryStopReason reason)
    {
        client.Counters.End(reason);
        _counters?.End(reason);
    }

    private void Tell(
        in TracedCall call, int attempt, RetryStopReason reason, in AttemptVerdict verdict, int? status)
    {
        if (reason == RetryStopReason.Succeeded)
        {
            client.Log.Succeeded(call.Method, attempt);
        }
        else if (verdict.Kind != FailureKind.Permanent)
        {
            // A 404 is an answer, not a retry that failed: only what was given up is worth a warning.
            client.Log.GaveUp(call.Method, attempt, verdict, reason);
            client.Add(Event(RetryEventKind.GaveUp) with
            {
                Method = TagValues.Method(call.Method),
                Attempt = attempt,
                Failure = verdict.Kind,
                Rule = verdict.Rule,
                Status = status,
                Reason = reason,
            });
        }
    }

    private void TellChange(LimiterState before, LimiterState now, in SendRateState state)
    {
        var (rule, pause) = (RuleOf(state), TimeSpan.FromSeconds(state.ClosedFor));
        if (before == LimiterState.Dormant || now == LimiterState.Dormant)
        {
            Interlocked.Exchange(ref _slowedAtTicks, now == LimiterState.Dormant ? 0 : client.UtcNow.UtcTicks);
        }

        switch (now)
        {
            case LimiterState.Dormant:
                client.Log.Restored();
                client.Add(Event(RetryEventKind.Restored));
                break;
            case LimiterState.Closed:
                client.Log.Closed(rule, pause);
                client.Add(Event(RetryEventKind.Closed) with { Rule = rule, Delay = pause });
                break;
            case LimiterState.Limiting when before == LimiterState.Closed:
                client.Log.Reopened(state);
                client.Add(Event(RetryEventKind.Reopened) with { SendRate = state.FillRate });
                break;
            default:
                client.Log.Slowed(rule, state);
                client.Add(Event(RetryEventKind.Slowed) with { Rule = rule, SendRate = state.FillRate });
                break;
        }
    }

    private string? RuleOf(in SendRateState state) => TagValues.RuleOf(state.Kind) ?? _throttledBy;

    private RetryEvent Event(RetryEventKind kind) =>
        new() { Number = 0, At = client.UtcNow, Kind = kind, Partition = key };
}
