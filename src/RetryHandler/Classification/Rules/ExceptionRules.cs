using System.Net.Sockets;
using System.Security.Authentication;

namespace RetryHandler.Classification;

/// <summary>Judges the exceptions of the inner handlers.</summary>
internal static class ExceptionRules
{
    private static readonly AttemptVerdict Permanent = new() { Kind = FailureKind.Permanent, Rule = "exception" };

    /// <remarks>The caller's own cancellation never comes here: the loop sees to that before.</remarks>
    public static AttemptVerdict Classify(Exception exception) => exception switch
    {
        // Of another client, inside this one: it names the time to come again itself.
        SendRateLimitedException => Permanent,
        HttpRequestException { StatusCode: { } status } => ClassifyStatus((int)status),
        HttpRequestException e => ClassifyRequestException(e),

        OperationCanceledException e when IsConnectTimeout(e) =>
            Transient(TransientCause.Timeout, "connect-timeout", true),

        // The attempt timeout, or a timeout of an inner handler.
        OperationCanceledException or TimeoutException => Transient(TransientCause.Timeout, "timeout"),
        IOException or SocketException => Transient(TransientCause.Network, "io"),
        _ when exception.GetType().FullName == "Polly.Timeout.TimeoutRejectedException" =>
            Transient(TransientCause.Timeout, "timeout"),
        _ => Permanent,
    };

    /// <summary>Judges the status of a call that an inner handler made itself, for a token say.</summary>
    private static AttemptVerdict ClassifyStatus(int status) =>
        status is 408 or 429 or >= 500 ? Transient(TransientCause.ServerError, "inner-status") : Permanent;

    private static AttemptVerdict ClassifyRequestException(HttpRequestException e) => e.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => Transient(TransientCause.Network, "name-resolution", true),
        HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError =>
            Transient(TransientCause.Network, "connect", true),
        HttpRequestError.SecureConnectionError => e.InnerException is AuthenticationException
            ? Permanent
            : Transient(TransientCause.Network, "tls-handshake", true),
        HttpRequestError.HttpProtocolError when e.InnerException is HttpProtocolException inner && IsRefused(inner) =>
            Transient(TransientCause.Network, "stream-refused", true),
        HttpRequestError.ResponseEnded or HttpRequestError.HttpProtocolError =>
            Transient(TransientCause.Network, "response-ended"),
        HttpRequestError.Unknown when e.InnerException is null or IOException or SocketException =>
            Transient(TransientCause.Network, "io"),
        _ => Permanent,
    };

    // SocketsHttpHandler names the setting in its message, and nothing else in the exception tells; without the name it
    // counts as any other timeout, after which only idempotent requests are repeated.
    private static bool IsConnectTimeout(OperationCanceledException e) =>
        e.InnerException is TimeoutException timeout
        && timeout.Message.Contains(nameof(SocketsHttpHandler.ConnectTimeout), StringComparison.Ordinal);

    // HTTP/2 REFUSED_STREAM (RFC 9113, section 8.7) and HTTP/3 H3_REQUEST_REJECTED (RFC 9114, section 4.1.1): the
    // server states that it did not act on the request.
    private static bool IsRefused(HttpProtocolException e) => e.ErrorCode is 0x7 or 0x10B;

    private static AttemptVerdict Transient(TransientCause cause, string rule, bool knownNotProcessed = false) =>
        new() { Kind = FailureKind.Transient, Cause = cause, KnownNotProcessed = knownNotProcessed, Rule = rule };
}
