namespace RetryHandler;

/// <summary>
/// The exception that is thrown when the client holds back a request because its upstream throttles; nothing was sent.
/// </summary>
/// <remarks>
/// Derives from <see cref="HttpRequestException"/>, so that code that already handles failed requests handles this one.
/// </remarks>
public sealed class SendRateLimitedException : HttpRequestException
{
    /// <summary>Initializes a new instance without details.</summary>
    public SendRateLimitedException()
        : this("The request was held back because its upstream throttles; nothing was sent.")
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

    internal SendRateLimitedException(string clientName, int waiting, TimeSpan expectedWait, DateTimeOffset retryAt)
        : this(
            $"HttpClient '{clientName}': the upstream throttles, and {waiting} attempts already wait to be sent; the "
            + $"expected wait of {expectedWait} is too long. Nothing was sent.")
    {
        ClientName = clientName;
        RetryAt = retryAt;
    }

    /// <summary>Gets the name of the client that was held back.</summary>
    /// <value>The name given to <c>AddHttpClient</c>; empty for a client without a name.</value>
    public string ClientName { get; } = string.Empty;

    /// <summary>Gets the time at which a new call has a fair chance to be sent, estimated from the present rate.</summary>
    /// <value><see langword="null"/> when nothing is known.</value>
    public DateTimeOffset? RetryAt { get; }
}
