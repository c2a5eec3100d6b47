using System.Net.Http.Headers;
using System.Net.Http.Json;

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
    private readonly KeyValuePair<string, HeaderStringValues>[] _headers;

    /// <summary>Takes the snapshot; called before the first attempt, because an attempt may change the message.</summary>
    public RequestReplay(HttpRequestMessage request)
    {
        _request = request;
        _method = request.Method;
        _uri = request.RequestUri;
        _version = request.Version;
        _versionPolicy = request.VersionPolicy;
        _content = request.Content;
        _headers = Snapshot(request.Headers.NonValidated);
        CanReplay = IsRewindable(request.Content);
    }

    /// <summary>Gets whether the content can be sent a second time.</summary>
    public bool CanReplay { get; }

    /// <summary>Gets whether the caller ruled out retries for this request.</summary>
    public bool IsDisabled => RequestMarks.IsDisabled(_request);

    /// <summary>Gets whether sending the request twice has the effect of sending it once.</summary>
    public bool IsIdempotent =>
        IsIdempotentMethod(_method) || RequestMarks.IsRepeatable(_request) || HasHeader("Idempotency-Key");

    /// <summary>Puts the message back into the state of the snapshot.</summary>
    public void Restore()
    {
        _request.Method = _method;
        _request.RequestUri = _uri;
        _request.Version = _version;
        _request.VersionPolicy = _versionPolicy;
        _request.Content = _content;
        var headers = _request.Headers;
        if (IsUnchanged(headers.NonValidated))
        {
            return;
        }

        headers.Clear();
        foreach (var (name, values) in _headers)
        {
            headers.TryAddWithoutValidation(name, values);
        }
    }

    private static KeyValuePair<string, HeaderStringValues>[] Snapshot(HttpHeadersNonValidated headers)
    {
        if (headers.Count == 0)
        {
            return [];
        }

        var snapshot = new KeyValuePair<string, HeaderStringValues>[headers.Count];
        var index = 0;
        foreach (var header in headers)
        {
            snapshot[index++] = header;
        }

        return snapshot;
    }

    private static bool IsIdempotentMethod(HttpMethod method) =>
        method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Put
        || method == HttpMethod.Delete || method == HttpMethod.Options || method == HttpMethod.Trace;

    /// <summary>
    /// Decides by capability, before anything is sent: a spent body would fail the second attempt with an exception
    /// that hides the upstream's answer.
    /// </summary>
    private static bool IsRewindable(HttpContent? content) => content switch
    {
        null or ByteArrayContent or ReadOnlyMemoryContent or JsonContent => true,
        StreamContent stream => stream.ReadAsStream().CanSeek,
        MultipartContent parts => parts.All(IsRewindable),
        _ => false,
    };

    private bool HasHeader(string name)
    {
        foreach (var header in _headers)
        {
            if (string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsUnchanged(HttpHeadersNonValidated headers)
    {
        if (headers.Count != _headers.Length)
        {
            return false;
        }

        foreach (var (name, values) in _headers)
        {
            if (!headers.TryGetValues(name, out var now) || !now.SequenceEqual(values))
            {
                return false;
            }
        }

        return true;
    }
}
