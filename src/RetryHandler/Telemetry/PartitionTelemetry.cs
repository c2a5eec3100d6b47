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
    private readonly LimiterWatch _limiter = new(client, key, limiter);

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

    /// <summary>Notes an attempt that was judged, after the limiter has learned from it.</summary>
    /// <param name="call">The call.</param>
    /// <param name="attempt">The number of the attempt, from 1.</param>
    /// <param name="repeated">What became of the attempt that it repeats; none for the first that is sent.</param>
    /// <param name="verdict">What became of this one.</param>
    /// <param name="status">The status of the answer, if there was one.</param>
    public void OnAttempt(
        in TracedCall call, int attempt, FailureKind repeated, in AttemptVerdict verdict, HttpStatusCode? status)
    {
        if (verdict.NeverSent)
        {
            return;
        }

        client.Metrics.Attempt(client.Name, call.Method, TagValues.Of(verdict.Kind), (int?)status);
        if (verdict.Kind != FailureKind.None || attempt > 1)
        {
            // Others are counted with the call's end, in one step.
            client.Counters.Attempt(verdict.Kind);
            _counters?.Attempt(verdict.Kind);
        }

        CountRetry(call, repeated);

        if (verdict.Kind == FailureKind.Throttled)
        {
            _limiter.OnThrottled(verdict.Rule);
            client.Metrics.Throttle(client.Name, verdict.Rule);
        }

        if (verdict.Kind != FailureKind.None)
        {
            client.Log.AttemptFailed(call.Method, attempt, verdict, (int?)status);
        }

        _limiter.OnLearned();
    }

    /// <summary>Notes a call that succeeded with its first attempt, and the attempt, in one step.</summary>
    /// <remarks>Without a verdict, which is large: with two of them a call costs 20 ns more.</remarks>
    public void OnSuccessAtOnce(string method, CallTrace? trace, HttpStatusCode? status)
    {
        client.Metrics.Attempt(client.Name, method, TagValues.Of(FailureKind.None), (int?)status);
        _limiter.OnLearned();
        CountSuccessAtOnce();
        client.Metrics.End(client.Name, method, RetryStopReason.Succeeded, FailureKind.None, (int?)status);
        trace?.OnEnd(attempts: 1, RetryStopReason.Succeeded);
    }

    /// <summary>Notes an attempt that was sent, and whose answer nobody waited for or could judge.</summary>
    public void OnAttemptAbandoned(in TracedCall call, FailureKind repeated)
    {
        client.Metrics.Attempt(client.Name, call.Method, TagValues.Abandoned, status: null);
        client.Counters.AbandonedAttempt();
        _counters?.AbandonedAttempt();
        CountRetry(call, repeated);
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

    /// <summary>Notes a retry that is decided on, before its wait; it counts once it was sent.</summary>
    public void OnRetry(
        in TracedCall call, int attempt, in AttemptVerdict verdict, TimeSpan delay, HttpStatusCode? status)
    {
        client.Metrics.Backoff(client.Name, verdict.Kind, delay);
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
            CountSuccessAtOnce();
        }
        else
        {
            CountEnd(reason);
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

    public SendRateSnapshot TakeSendRate() => _limiter.TakeSnapshot();

    public QuotaSnapshot TakeQuota() => new(quota.Available, quota.Capacity) { IsEmpty = quota.IsShort };

    private void CountSuccessAtOnce()
    {
        client.Counters.SuccessAtOnce();
        _counters?.SuccessAtOnce();
    }

    private void CountRetry(in TracedCall call, FailureKind repeated)
    {
        if (repeated != FailureKind.None)
        {
            client.Metrics.Retry(client.Name, call.Method, repeated);
            client.Counters.Retry(repeated);
            _counters?.Retry(repeated);
        }
    }

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

    private RetryEvent Event(RetryEventKind kind) =>
        new() { Number = 0, At = client.UtcNow, Kind = kind, Partition = key };
}
