using System.Net;

namespace RetryHandler;

/// <summary>
/// The exception that is thrown when the client holds back an attempt because its upstream throttles.
/// </summary>
/// <remarks>
/// Derives from <see cref="HttpRequestException"/>, so that code that already handles failed requests handles this one.
/// Usually nothing was sent for the call. When an attempt was sent before,
/// <see cref="HttpRequestException.StatusCode"/> tells its status, or <see cref="Exception.InnerException"/> its
/// failure.
/// </remarks>
public sealed class SendRateLimitedException : HttpRequestException
{
    /// <summary>Initializes a new instance without details.</summary>
    public SendRateLimitedException()
        : this("The request was held back because its upstream throttles.")
    {
    }

    /// <summary>Initializes a new instance with a message.</summary>
    /// <param name="message">What happened.</param>
    public SendRateLimitedException(string message)
        : this(message, null)
    {
    }

    /// <summary>Initializes a new instance with a message and a cause.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The cause.</param>
    public SendRateLimitedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal SendRateLimitedException(string clientName, int waiting, TimeSpan? expectedWait, DateTimeOffset? retryAt)
        : this(
            $"HttpClient '{clientName}': the upstream throttles, and {waiting} attempts already wait to be sent; the "
            + $"expected wait {(expectedWait is { } wait ? $"of {wait}" : "for an answer to others")} is too long. "
            + "This attempt was not sent.")
    {
        ClientName = clientName;
        RetryAt = retryAt;
    }

    private SendRateLimitedException(SendRateLimitedException rejection, HttpStatusCode? last, Exception? lastException)
        : base(
            $"{rejection.Message} The attempt before "
            + (last is null ? $"failed: {lastException?.Message}" : $"was answered with status {(int)last}."),
            lastException,
            last)
    {
        ClientName = rejection.ClientName;
        RetryAt = rejection.RetryAt;
    }

    /// <summary>Gets the name of the client that was held back.</summary>
    /// <value>The name given to <c>AddHttpClient</c>; empty for a client without a name.</value>
    public string ClientName { get; } = string.Empty;

    /// <summary>
    /// Gets the time at which a new call has a fair chance to be sent, estimated from the present rate.
    /// </summary>
    /// <value><see langword="null"/> when only the answers to attempts on their way can tell.</value>
    public DateTimeOffset? RetryAt { get; }

    /// <summary>Makes the exception for a retry that can't be sent, with what the attempt before came to.</summary>
    internal SendRateLimitedException After(HttpStatusCode? last, Exception? lastException) =>
        new(this, last, lastException);
}
