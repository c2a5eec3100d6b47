using Microsoft.Extensions.Logging;

namespace RetryHandler.Telemetry;

/// <summary>
/// Every log message of the library. Event ids and names are stable: people filter and alert on them.
/// </summary>
/// <remarks>
/// Never a URI, a header or a body: they carry secrets. The words are those of botocore where it has some ("retry
/// needed, retrying", "retry quota reached, not retrying"), so that who knows its logs finds the same facts.
/// </remarks>
internal static partial class LoggerMessages
{
    [LoggerMessage(EventId = 1, EventName = "Retrying",
        Message = "HttpClient '{Client}': retry needed, {Method} attempt {Attempt} failed as {Kind} ({Rule}); "
            + "retrying after {Delay}.")]
    public static partial void Retrying(
        this ILogger logger,
        LogLevel level,
        string client,
        string method,
        int attempt,
        FailureKind kind,
        string? rule,
        TimeSpan delay);

    [LoggerMessage(EventId = 2, EventName = "GaveUp",
        Message = "HttpClient '{Client}': {Explanation}, not retrying; {Method} attempt {Attempt} failed as {Kind} "
            + "({Rule}); stop reason {Reason}.")]
    public static partial void GaveUp(
        this ILogger logger,
        LogLevel level,
        string client,
        string explanation,
        string method,
        int attempt,
        FailureKind kind,
        string? rule,
        RetryStopReason reason);

    [LoggerMessage(EventId = 3, EventName = "SendRateLimiting",
        Message = "HttpClient '{Client}': the send rate is now limited ({Rule}), to {Limit} (measured "
            + "{MeasuredRate:F2}/s).")]
    public static partial void SendRateLimiting(
        this ILogger logger, LogLevel level, string client, string? rule, string limit, double measuredRate);

    [LoggerMessage(EventId = 4, EventName = "SendRateDormant",
        Message = "HttpClient '{Client}': the upstream has not throttled for a while, the send rate is no longer "
            + "limited.")]
    public static partial void SendRateDormant(this ILogger logger, LogLevel level, string client);

    [LoggerMessage(EventId = 5, EventName = "NestedRetries", Level = LogLevel.Warning,
        Message = "HttpClient '{Client}': two retry layers, this one and a {Handler}, make up to {Product} attempts "
            + "for one call ({Attempts} x {OtherAttempts}); remove one of them.")]
    public static partial void NestedRetries(
        this ILogger logger, string client, string handler, int product, int attempts, int otherAttempts);

    [LoggerMessage(EventId = 6, EventName = "NotSent",
        Message = "HttpClient '{Client}': {Method} attempt {Attempt} was not sent; the wait for a send token is too "
            + "long.")]
    public static partial void NotSent(
        this ILogger logger, LogLevel level, string client, string method, int attempt);

    [LoggerMessage(EventId = 7, EventName = "AttemptFailed",
        Message = "HttpClient '{Client}': {Method} attempt {Attempt} failed as {Kind} ({Rule}) with status {Status}; "
            + "the upstream asks for a delay of {ServerDelay}.")]
    public static partial void AttemptFailed(
        this ILogger logger,
        LogLevel level,
        string client,
        string method,
        int attempt,
        FailureKind kind,
        string? rule,
        int? status,
        TimeSpan? serverDelay);

    [LoggerMessage(EventId = 8, EventName = "WaitedForToken",
        Message = "HttpClient '{Client}': {Method} waited {Wait} for a send token.")]
    public static partial void WaitedForToken(
        this ILogger logger, LogLevel level, string client, string method, TimeSpan wait);

    [LoggerMessage(EventId = 9, EventName = "RetrySucceeded",
        Message = "HttpClient '{Client}': {Method} succeeded with attempt {Attempt}.")]
    public static partial void RetrySucceeded(
        this ILogger logger, LogLevel level, string client, string method, int attempt);

    [LoggerMessage(EventId = 10, EventName = "SendingClosed",
        Message = "HttpClient '{Client}': the upstream asks for a pause ({Rule}), nothing but a probe is sent for "
            + "{Pause}; it is longer than calls wait, so they fail at once.")]
    public static partial void SendingClosed(
        this ILogger logger, LogLevel level, string client, string? rule, TimeSpan pause);

    [LoggerMessage(EventId = 11, EventName = "SendingReopened",
        Message = "HttpClient '{Client}': the upstream's pause is over, the send rate is limited to {Limit}.")]
    public static partial void SendingReopened(this ILogger logger, LogLevel level, string client, string limit);

    [LoggerMessage(EventId = 12, EventName = "BreakerChanged",
        Message = "HttpClient '{Client}': the circuit breaker is now {State}.")]
    public static partial void BreakerChanged(this ILogger logger, LogLevel level, string client, BreakerState state);

    [LoggerMessage(EventId = 13, EventName = "SettingsRejected", Level = LogLevel.Warning,
        Message = "HttpClient '{Client}': changed settings are not valid, the old ones stay in force. {Faults}")]
    public static partial void SettingsRejected(this ILogger logger, string client, string faults);
}
