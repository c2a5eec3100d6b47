namespace RetryHandler;

/// <summary>What came back from one attempt: a response or an exception, and the beginning of an error body.</summary>
public readonly struct AttemptOutcome
{
    /// <summary>Initializes an outcome with a response.</summary>
    /// <param name="response">The upstream's response.</param>
    /// <param name="body">The first bytes of its body, as they came over the wire; empty when not read.</param>
    /// <exception cref="ArgumentNullException"><paramref name="response"/> is <see langword="null"/>.</exception>
    public AttemptOutcome(HttpResponseMessage response, ReadOnlyMemory<byte> body = default)
    {
        ArgumentNullException.ThrowIfNull(response);
        Response = response;
        Body = body;
    }

    /// <summary>Initializes an outcome with an exception.</summary>
    /// <param name="exception">What the inner handlers threw.</param>
    /// <exception cref="ArgumentNullException"><paramref name="exception"/> is <see langword="null"/>.</exception>
    public AttemptOutcome(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        Exception = exception;
    }

    /// <summary>Gets the response.</summary>
    /// <value><see langword="null"/> when the attempt ended with an exception.</value>
    public HttpResponseMessage? Response { get; }

    /// <summary>Gets the exception.</summary>
    /// <value><see langword="null"/> when the attempt ended with a response.</value>
    public Exception? Exception { get; }

    /// <summary>Gets the first bytes of the body of an error, or of a success that is looked into.</summary>
    /// <remarks>
    /// At most <see cref="ClassificationOptions.MaxErrorBodyBytes"/>, possibly cut anywhere, possibly compressed or in
    /// any charset. The caller of the client still reads the complete body.
    /// </remarks>
    /// <value>
    /// Empty for an exception, a response without a body, or a body that did not come in time.
    /// </value>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Gets the verdict, when a strategy around the attempt needed it already.</summary>
    internal AttemptVerdict? Verdict { get; init; }

    /// <summary>Gets whether a strategy around the attempt let nothing through.</summary>
    internal bool WasNeverSent { get; init; }
}
