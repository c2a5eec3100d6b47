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
internal readonly struct RequestReplay
{
    private readonly HttpRequestMessage? _request;
    private readonly HttpMethod? _method;
    private readonly Uri? _uri;
    private readonly Version? _version;
    private readonly HttpVersionPolicy _versionPolicy;
    private readonly HttpContent? _content;
    private readonly HeaderSnapshot _headers;
    private readonly HeaderSnapshot _contentHeaders;

    /// <summary>
    /// Takes the snapshot; called before the first attempt, because an attempt may change the message.
    /// </summary>
    public RequestReplay(HttpRequestMessage? request)
    {
        if (request is null)
        {
            return;
        }

        _request = request;
        _method = request.Method;
        _uri = request.RequestUri;
        _version = request.Version;
        _versionPolicy = request.VersionPolicy;
        if (request.Content is null && !IsIdempotentMethod(_method))
        {
            // SocketsHttpHandler itself repeats a request without content, a POST too, on up to three more connections
            // when one closes before the answer. With an empty content it does not, and the bytes sent are the same.
            request.Content = new ByteArrayContent([]);
        }

        _content = request.Content;
        _headers = new HeaderSnapshot(request.Headers);
        _contentHeaders = _content is null ? default : new HeaderSnapshot(_content.Headers);
    }

    /// <summary>Gets the method that the caller chose.</summary>
    public string Method => _method?.Method ?? "unknown";

    /// <summary>
    /// Gets whether the content can be sent again; asked after an attempt, when nothing is left to spoil.
    /// </summary>
    public bool CanReplay => _content is null || RepeatableContent.CanSendAgain(_content, IsBuffered);

    /// <summary>Gets whether the content was read into memory.</summary>
    public bool IsBuffered { get; init; }

    /// <summary>Gets whether an inner handler followed a redirect that turned the request into another.</summary>
    /// <remarks>
    /// POST became GET because the upstream took the POST; what it says of the GET is no evidence for the POST. Other
    /// methods keep their name when redirected, so for them another address is enough. A POST that is still one at
    /// another address was sent there by 307 or 308, which say that it was not taken, or by an inner handler.
    /// </remarks>
    public bool HasBecomeAnother =>
        _request is not null
        && (_request.Method != _method || (_method != HttpMethod.Post && _request.RequestUri != _uri));

    /// <summary>Gets whether the caller ruled out retries for this request.</summary>
    public bool IsDisabled => _request is not null && RequestMarks.IsDisabled(_request);

    /// <summary>Gets how many attempts the caller allowed for this request, if it said so.</summary>
    public int? MaxAttempts => _request is null ? null : RequestMarks.MaxAttempts(_request);

    /// <summary>Gets whether sending the request twice has the effect of sending it once.</summary>
    public bool IsIdempotent =>
        _request is not null
        && (IsIdempotentMethod(_method!)
            || RequestMarks.IsRepeatable(_request)
            || _headers.HasValue("Idempotency-Key"));

    /// <summary>Reads a content that can be sent only once into memory, if it is known to be small.</summary>
    /// <returns>Whether it did.</returns>
    public ValueTask<bool> BufferIfSmallAsync(int maxBytes, bool isSynchronous, CancellationToken cancellationToken) =>
        _content is null || maxBytes == 0
            ? default
            : RepeatableContent.BufferIfSmallAsync(_content, maxBytes, isSynchronous, cancellationToken);

    /// <summary>Puts the message back into the state of the snapshot.</summary>
    public void Restore()
    {
        if (_request is null)
        {
            return;
        }

        _request.Method = _method!;
        _request.RequestUri = _uri;
        _request.Version = _version!;
        _request.VersionPolicy = _versionPolicy;
        _request.Content = _content;
        _headers.Restore();
        _contentHeaders.Restore();
    }

    private static bool IsIdempotentMethod(HttpMethod method) =>
        method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Put
        || method == HttpMethod.Delete || method == HttpMethod.Options || method == HttpMethod.Trace;
}
