namespace RetryHandler.Replay;

/// <summary>A request as it was before its first attempt: whether and how it can be sent again.</summary>
/// <remarks>
/// <para>
/// The same message is sent again and restored before, instead of being cloned: disposing a clone disposes the shared
/// content, and what inner handlers did to the message (a followed redirect turns POST into GET and drops the content,
/// headers pile up) must not reach the next attempt.
/// </para>
/// <para>
/// Without a message (a Polly pipeline that does not tell it) the callback makes each request anew, of unknown effect:
/// it can be replayed, and is not idempotent.
/// </para>
/// </remarks>
internal sealed class RequestReplay
{
    private readonly HeaderSnapshot _headers = new();
    private readonly HeaderSnapshot _contentHeaders = new();
    private HttpMethod? _method;
    private Uri? _uri;
    private Version? _version;
    private HttpVersionPolicy _versionPolicy;
    private HttpContent? _content;

    /// <summary>Gets the message.</summary>
    public HttpRequestMessage? Request { get; private set; }

    /// <summary>Gets the method that the caller chose.</summary>
    public string Method => _method?.Method ?? "unknown";

    /// <summary>
    /// Gets whether the content can be sent again; asked after an attempt, when nothing is left to spoil.
    /// </summary>
    public bool CanReplay => _content is null || RepeatableContent.CanSendAgain(_content, IsBuffered);

    /// <summary>Gets whether the content was read into memory.</summary>
    public bool IsBuffered { get; private set; }

    /// <summary>Gets whether an inner handler followed a redirect that turned the request into another.</summary>
    /// <remarks>
    /// POST became GET because the upstream took the POST; what it says of the GET is no evidence for the POST. Other
    /// methods keep their name when redirected, so for them another address is enough. A POST that is still one at
    /// another address was sent there by 307 or 308, which say that it was not taken, or by an inner handler.
    /// </remarks>
    public bool HasBecomeAnother =>
        Request is not null
        && (Request.Method != _method || (_method != HttpMethod.Post && Request.RequestUri != _uri));

    /// <summary>Gets whether the caller ruled out retries for this request.</summary>
    public bool IsDisabled => Request is not null && RequestMarks.IsDisabled(Request);

    /// <summary>Gets how many attempts the caller allowed for this request, if it said so.</summary>
    public int? MaxAttempts => Request is null ? null : RequestMarks.MaxAttempts(Request);

    /// <summary>Gets whether sending the request twice has the effect of sending it once.</summary>
    public bool IsIdempotent =>
        Request is not null
        && (IsIdempotentMethod(_method!)
            || RequestMarks.IsRepeatable(Request)
            || _headers.HasValue("Idempotency-Key"));

    /// <summary>
    /// Takes the snapshot; called before the first attempt, because an attempt may change the message.
    /// </summary>
    public void Begin(HttpRequestMessage? request)
    {
        if (request is null)
        {
            return;
        }

        Request = request;
        _method = request.Method;
        _uri = request.RequestUri;
        _version = request.Version;
        _versionPolicy = request.VersionPolicy;
        if (request.Content is null && !IsIdempotentMethod(_method) && _method != HttpMethod.Connect)
        {
            // SocketsHttpHandler itself repeats a request without content, a POST too, on up to three more connections
            // when one closes before the answer. With an empty content it does not, and the request is the same. Not so
            // for CONNECT, of which the content is the stream (RFC 8441).
            request.Content = new ByteArrayContent([]);
        }

        if (!RequestHeaders.AreUntouched(request))
        {
            _headers.Begin(request.Headers);
        }

        if (request.Content is { } content)
        {
            _content = content;
            _contentHeaders.Begin(content.Headers);
        }
    }

    /// <summary>Forgets the message, so that another call can use this object.</summary>
    public void End()
    {
        (Request, _method, _uri, _version) = (null, null, null, null);
        _headers.End();
        if (_content is not null)
        {
            (_content, IsBuffered) = (null, false);
            _contentHeaders.End();
        }
    }

    /// <summary>Gets whether <see cref="BufferAsync"/> has something to do: not for what is sent once anyway.</summary>
    /// <param name="maxAttempts">How many attempts the client allows.</param>
    public bool NeedsBuffer(int maxAttempts) =>
        _content is not null
        && RepeatableContent.NeedsBuffer(_content)
        && (MaxAttempts ?? maxAttempts) > 1
        && !IsDisabled;

    /// <summary>Reads a content that can be sent only once into memory, if it is known to be small.</summary>
    public async ValueTask BufferAsync(int maxBytes, bool isSynchronous, CancellationToken cancellationToken) =>
        IsBuffered = maxBytes > 0
            && await RepeatableContent.BufferIfSmallAsync(_content!, maxBytes, isSynchronous, cancellationToken)
                .ConfigureAwait(false);

    /// <summary>Puts the message back into the state of the snapshot.</summary>
    public void Restore()
    {
        if (Request is null)
        {
            return;
        }

        Request.Method = _method!;
        Request.RequestUri = _uri;
        Request.Version = _version!;
        Request.VersionPolicy = _versionPolicy;
        Request.Content = _content;
        if (!RequestHeaders.AreUntouched(Request))
        {
            _headers.Restore(Request.Headers);
        }

        if (_content is not null)
        {
            _contentHeaders.Restore(_content.Headers);
        }
    }

    private static bool IsIdempotentMethod(HttpMethod method) =>
        method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Put
        || method == HttpMethod.Delete || method == HttpMethod.Options || method == HttpMethod.Trace;
}
