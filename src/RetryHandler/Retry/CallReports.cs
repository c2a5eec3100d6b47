using RetryHandler.Quota;
using RetryHandler.Telemetry;

namespace RetryHandler.Retry;

/// <summary>
/// Tells what became of attempts and calls to everybody who learns from it or shows it: limiter, quota, telemetry.
/// </summary>
internal sealed class CallReports(
    RetrySettings settings, LearnedState learned, SendTurns turns, RetryEnvironment environment)
{
    private readonly RetryQuota _quota = learned.Quota;
    private readonly PartitionTelemetry _telemetry = environment.Telemetry;

    /// <summary>Notes that a call begins.</summary>
    public void OnCall()
    {
        if (settings.QuotaEnabled)
        {
            _quota.OnCall();
        }
    }

    /// <summary>Notes an attempt that was judged, whatever is decided then.</summary>
    public void OnJudged(CallState call)
    {
        // The limiter first: what it knows may change the verdict, and all shall tell the same.
        turns.Report(call);
        _telemetry.OnAttempt(
            call.Traced, call.Attempt, call.Retry.Failure, call.Verdict, call.Response?.StatusCode);
    }

    /// <summary>Notes the first attempt of a call, and its end, when that is a success beyond doubt.</summary>
    public void OnSuccessAtOnce(CallState call, HttpResponseMessage? response)
    {
        turns.ReportSuccess(call.Permit, response);
        _telemetry.OnSuccessAtOnce(call.Replay.Method, call.Trace, response?.StatusCode);
        _quota.OnSuccess(atFirstTry: true, cost: 0);
    }

    /// <summary>Notes the end of any other call that succeeded.</summary>
    public void OnSuccess(CallState call)
    {
        _telemetry.OnEnd(
            call.Traced, call.Attempt, RetryStopReason.Succeeded, call.Verdict, call.Response?.StatusCode);
        _quota.OnSuccess(atFirstTry: call.Attempt == 1, call.Retry.Cost);
        AdaptiveRetryInfos.Attach(call.Response, new(call.Attempt, RetryStopReason.Succeeded, call.Waited));
    }

    /// <summary>Notes the end of a call that failed.</summary>
    /// <returns>What was done for it.</returns>
    public AdaptiveRetryInfo OnStop(CallState call, RetryStopReason reason)
    {
        var info = new AdaptiveRetryInfo(call.Sent, reason, call.Waited);
        AdaptiveRetryInfos.Attach(call.Response, info);
        _telemetry.OnEnd(call.Traced, call.Sent, reason, call.Verdict, call.Response?.StatusCode);
        return info;
    }

    /// <summary>Notes a retry, before its wait.</summary>
    public void OnRetry(CallState call) => _telemetry.OnRetry(
        call.Traced, call.Attempt, call.Verdict, call.Retry.Delay, call.Response?.StatusCode);

    /// <summary>
    /// Notes the end of a call that was left while an attempt was under way, or that somebody's code broke.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="isSent">Whether the attempt left this process.</param>
    /// <param name="exception">The end.</param>
    public void OnAbandoned(CallState call, bool isSent, Exception exception)
    {
        if (isSent)
        {
            turns.SettleWithoutVerdict(call);
            _telemetry.OnAttemptAbandoned(call.Traced, call.Retry.Failure);
        }
        else
        {
            turns.SettleUnsent(call);
        }

        _telemetry.OnAbandoned(call.Traced, isSent ? call.Attempt : call.Attempt - 1, call.ReasonFor(exception));
    }
}
