namespace RetryHandler;

/// <summary>Settings of when a request may be sent again.</summary>
public sealed class ReplayOptions
{
    /// <summary>
    /// Gets or sets whether requests with a method that is not idempotent (POST, PATCH and others) are repeated.
    /// </summary>
    /// <remarks>
    /// Idempotent methods (RFC 9110, section 9.2.2) are always repeated. A request with an <c>Idempotency-Key</c> header
    /// or marked by <c>MarkRepeatable()</c> counts as idempotent.
    /// </remarks>
    /// <value>The default is <see cref="UnsafeMethodReplay.WhenNotProcessed"/>.</value>
    public UnsafeMethodReplay UnsafeMethods { get; set; }
}
