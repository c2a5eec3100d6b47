namespace RetryHandler.Telemetry;

/// <summary>The names of instruments and tags. Stable: dashboards and alerts are built on them.</summary>
internal static class MetricNames
{
    public const string Meter = "RetryHandler";

    public const string Calls = "adaptive_retry.calls";
    public const string Stops = "adaptive_retry.stops";
    public const string Attempts = "adaptive_retry.attempts";
    public const string Retries = "adaptive_retry.retries";
    public const string Throttles = "adaptive_retry.throttles";
    public const string Backoff = "adaptive_retry.backoff.duration";
    public const string TokenWait = "adaptive_retry.token_wait.duration";
    public const string SendRate = "adaptive_retry.send_rate";
    public const string MeasuredRate = "adaptive_retry.measured_rate";
    public const string Tokens = "adaptive_retry.tokens";
    public const string Waiting = "adaptive_retry.waiting";
    public const string LimiterState = "adaptive_retry.limiter.state";
    public const string LimitKind = "adaptive_retry.limit.kind";
    public const string QuotaAvailable = "adaptive_retry.quota.available";
    public const string QuotaCapacity = "adaptive_retry.quota.capacity";
    public const string Amplification = "adaptive_retry.amplification";
    public const string BreakerState = "adaptive_retry.breaker.state";
    public const string Partitions = "adaptive_retry.partitions";

    public const string ClientTag = "http.client.name";
    public const string MethodTag = "http.request.method";
    public const string StatusTag = "http.response.status_code";
    public const string KindTag = "adaptive_retry.failure.kind";
    public const string ReasonTag = "adaptive_retry.stop.reason";
    public const string RuleTag = "adaptive_retry.rule";
    public const string StateTag = "adaptive_retry.state";
    public const string ResendCountTag = "http.request.resend_count";
    public const string DelayTag = "adaptive_retry.delay";
    public const string AttemptTag = "adaptive_retry.attempt";
}
