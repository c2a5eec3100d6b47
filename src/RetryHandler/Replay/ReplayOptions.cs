namespace RetryHandler;

/// <summary>Settings of when a request may be sent again.</summary>
public sealed class ReplayOptions
{
    /// <summary>
    /// Gets or sets whether requests with a method that is not idempotent (POST, PATCH and others) are repeated.
    /// </summary>
    /// <remarks>
    /// Idempotent methods (RFC 9110, section 9.2.2) are always repeated. A request with an <c>Idempotency-Key</c>
    /// header or marked by <c>MarkRepeatable()</c> counts as idempotent.
    /// </remarks>
    /// <value>The default is <see cref="UnsafeMethodReplay.WhenNotProcessed"/>.</value>
    public UnsafeMethodReplay UnsafeMethods { get; set; }

    /// <summary>Gets or sets how large a content that can be sent only once may be to be read into memory.</summary>
    /// <remarks>
    /// A content of known length (a <c>Content-Length</c> header or a computed one) up to this size is read into memory
    /// before the first attempt, so that it can be repeated. A larger one, or one of unknown length, is never read
    /// ahead: it is sent once, and its response comes back. Contents in memory and seekable streams need no buffer, and
    /// neither does a request for which retries are ruled out.
    /// </remarks>
    /// <value>The default is 65,536 bytes. Between 0 (nothing is read into memory) and 2,147,483,647.</value>
    public int MaxBufferedBytes { get; set; } = 65_536;
}
