using Microsoft.Extensions.Logging;

namespace RetryHandler.Telemetry;

/// <summary>
/// Every log message of the library. Event ids and names are stable: people filter and alert on them.
/// </summary>
/// <remarks>Never a URI, a header or a body: they carry secrets.</remarks>
internal static partial class LoggerMessages
{
    [LoggerMessage(EventId = 1, EventName = "Retrying", Level = LogLevel.Information,
        Message = "HttpClient '{Client}': retry needed, {Method} attempt {Attempt} failed as {Kind} ({Rule}); "
            + "retrying after {Delay}.")]
    public static partial void Retrying(
        this ILogger logger, string client, string method, int attempt, FailureKind kind, string? rule, TimeSpan delay);

    [LoggerMessage(EventId = 2, EventName = "GaveUp", Level = LogLevel.Warning,
        Message = "HttpClient '{Client}': not retrying, {Method} attempt {Attempt} failed as {Kind} ({Rule}); "
            + "stop reason {Reason}.")]
    public static partial void GaveUp(
        this ILogger logger,
        string client,
        string method,
        int attempt,
        FailureKind kind,
        string? rule,
        RetryStopReason reason);

    [LoggerMessage(EventId = 3, EventName = "SendRateLimiting", Level = LogLevel.Information,
        Message = "HttpClient '{Client}': the upstream throttles, the send rate is now limited to {FillRate:F2}/s "
            + "(measured {MeasuredRate:F2}/s).")]
    public static partial void SendRateLimiting(
        this ILogger logger, string client, double fillRate, double measuredRate);

    [LoggerMessage(EventId = 4, EventName = "SendRateDormant", Level = LogLevel.Information,
        Message = "HttpClient '{Client}': the upstream has not throttled for a while, the send rate is no longer "
            + "limited.")]
    public static partial void SendRateDormant(this ILogger logger, string client);

    [LoggerMessage(EventId = 5, EventName = "NestedRetries", Level = LogLevel.Warning,
        Message = "HttpClient '{Client}': two retry layers, this one and a {Handler}, make up to {Product} attempts "
            + "for one call ({Attempts} x {OtherAttempts}); remove one of them.")]
    public static partial void NestedRetries(
        this ILogger logger, string client, string handler, int product, int attempts, int otherAttempts);

    [LoggerMessage(EventId = 6, EventName = "NotSent", Level = LogLevel.Warning,
        Message = "HttpClient '{Client}': {Method} attempt {Attempt} was not sent; the wait for a send token is too "
            + "long.")]
    public static partial void NotSent(this ILogger logger, string client, string method, int attempt);
}
