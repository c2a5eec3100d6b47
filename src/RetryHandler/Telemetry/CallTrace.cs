using System.Diagnostics;

namespace RetryHandler.Telemetry;

/// <summary>The span of one call, made only once there is something to tell: a wait or a retry.</summary>
/// <remarks>
/// It then starts when the call did, and is the parent of the attempts that follow. Every HTTP attempt has a span of
/// its own already; another one around each healthy call would only cost.
/// </remarks>
internal sealed class CallTrace
{
    private static readonly ActivitySource Source = new(
        "RetryHandler", typeof(CallTrace).Assembly.GetName().Version?.ToString(3));

    private readonly ClientTelemetry _client;
    private readonly long _startedAt;
    private Activity? _activity;

    private CallTrace(ClientTelemetry client)
    {
        _client = client;
        _startedAt = client.TimeProvider.GetTimestamp();
    }

    /// <summary>Begins to watch a call, if somebody listens.</summary>
    public static CallTrace? Begin(ClientTelemetry client) => Source.HasListeners() ? new CallTrace(client) : null;

    /// <summary>Notes a wait for a send token that has just ended.</summary>
    /// <remarks>Called by the loop itself: the attempts it then makes become children of the span.</remarks>
    public void OnTokenWait(string method, TimeSpan wait) => AddEvent(
        method,
        "adaptive_retry.token_wait",
        _client.UtcNow - wait,
        new() { [MetricNames.DelayTag] = wait.TotalSeconds });

    public void OnRetry(string method, int attempt, in AttemptVerdict verdict, TimeSpan delay, int? status) => AddEvent(
        method, "adaptive_retry.retry", _client.UtcNow, new()
        {
            [MetricNames.AttemptTag] = attempt,
            [MetricNames.KindTag] = TagValues.Of(verdict.Kind),
            [MetricNames.RuleTag] = verdict.Rule,
            [MetricNames.DelayTag] = delay.TotalSeconds,
            [MetricNames.StatusTag] = status,
        });

    public void OnEnd(int attempts, RetryStopReason reason)
    {
        if (_activity is not { } activity)
        {
            return;
        }

        activity.SetTag(MetricNames.ResendCountTag, Math.Max(0, attempts - 1));
        activity.SetTag(MetricNames.ReasonTag, TagValues.Of(reason));
        activity.SetStatus(reason == RetryStopReason.Succeeded ? ActivityStatusCode.Unset : ActivityStatusCode.Error);
        activity.SetEndTime(_client.UtcNow.UtcDateTime);
        activity.Stop();
    }

    private void AddEvent(string method, string name, DateTimeOffset at, ActivityTagsCollection tags)
    {
        _activity ??= Start(method);
        _activity?.AddEvent(new ActivityEvent(name, at, tags));
    }

    private Activity? Start(string method)
    {
        var elapsed = _client.TimeProvider.GetElapsedTime(_startedAt);
        var activity = Source.StartActivity(
            ActivityKind.Internal, startTime: _client.UtcNow - elapsed, name: "adaptive_retry.call");
        activity?.SetTag(MetricNames.ClientTag, _client.Name);
        activity?.SetTag(MetricNames.MethodTag, TagValues.Method(method));
        return activity;
    }
}
