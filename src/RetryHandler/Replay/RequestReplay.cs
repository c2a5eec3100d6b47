namespace RetryHandler.Replay;

/// <summary>A request as it was before its first attempt: whether and how it can be sent again.</summary>
/// <remarks>
/// The same message is sent again and restored before, instead of being cloned: disposing a clone disposes the shared
/// content, and what inner handlers did to the message (a followed redirect turns POST into GET and drops the content,
/// headers pile up) must not reach the next attempt.
/// </remarks>
internal readonly struct RequestReplay
{
    private readonly HttpRequestMessage _request;
    private readonly HttpMethod _method;
    private readonly Uri? _uri;
    private readonly Version _version;
    private readonly HttpVersionPolicy _versionPolicy;
    private readonly HttpContent? _content;
    private readonly HeaderSnapshot _headers;
    private readonly HeaderSnapshot? _contentHeaders;

    /// <summary>Takes the snapshot; called before the first attempt, because an attempt may change the message.</summary>
    public RequestReplay(HttpRequestMessage request, int maxBufferedBytes)
    {
        _request = request;
        _method = request.Method;
        _uri = request.RequestUri;
        _version = request.Version;
        _versionPolicy = request.VersionPolicy;
        _content = request.Content;
        _headers = new HeaderSnapshot(request.Headers);
        _contentHeaders = _content is null ? null : new HeaderSnapshot(_content.Headers);
        Capability = ContentCapabilities.Of(_content, maxBufferedBytes);
    }

    /// <summary>Gets how often the content can be sent.</summary>
    public ContentCapability Capability { get; }

    /// <summary>Gets whether the caller ruled out retries for this request.</summary>
    public bool IsDisabled => RequestMarks.IsDisabled(_request);

    /// <summary>Gets whether sending the request twice has the effect of sending it once.</summary>
    public bool IsIdempotent =>
        IsIdempotentMethod(_method) || RequestMarks.IsRepeatable(_request) || _headers.Contains("Idempotency-Key");

    /// <summary>Reads a content that can be sent only once, and is small, into memory.</summary>
    public Task BufferAsync(CancellationToken cancellationToken) =>
#if NET9_0_OR_GREATER
        _content!.LoadIntoBufferAsync(cancellationToken);
#else
        cancellationToken.IsCancellationRequested
            ? Task.FromCanceled(cancellationToken)
            : _content!.LoadIntoBufferAsync();
#endif

    /// <summary>Puts the message back into the state of the snapshot.</summary>
    public void Restore()
    {
        _request.Method = _method;
        _request.RequestUri = _uri;
        _request.Version = _version;
        _request.VersionPolicy = _versionPolicy;
        _request.Content = _content;
        _headers.Restore();
        _contentHeaders?.Restore();
    }

    private static bool IsIdempotentMethod(HttpMethod method) =>
        method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Put
        || method == HttpMethod.Delete || method == HttpMethod.Options || method == HttpMethod.Trace;
}
