using System.Net.Http.Headers;

namespace RetryHandler.Replay;

/// <summary>Headers as they were before the first attempt, raw and unparsed.</summary>
/// <remarks>
/// Inner handlers add their headers at each attempt; without this the third attempt carries them three times.
/// </remarks>
internal readonly struct HeaderSnapshot
{
    private readonly HttpHeaders? _headers;
    private readonly KeyValuePair<string, HeaderStringValues>[] _given;

    public HeaderSnapshot(HttpHeaders headers)
    {
        _headers = headers;
        var given = headers.NonValidated;
        _given = given.Count == 0 ? [] : new KeyValuePair<string, HeaderStringValues>[given.Count];
        var index = 0;
        foreach (var header in given)
        {
            _given[index++] = header;
        }
    }

    /// <summary>Gets whether the header was given, and not empty.</summary>
    public bool HasValue(string name)
    {
        foreach (var header in _given)
        {
            if (string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase)
                && !string.IsNullOrWhiteSpace(header.Value.ToString()))
            {
                return true;
            }
        }

        return false;
    }

    public void Restore()
    {
        // Nearly always nothing changed, and then the headers keep what they have parsed.
        if (_headers is null || IsUnchanged(_headers.NonValidated))
        {
            return;
        }

        _headers.Clear();
        foreach (var (name, values) in _given)
        {
            _headers.TryAddWithoutValidation(name, values);
        }
    }

    private bool IsUnchanged(HttpHeadersNonValidated now)
    {
        if (now.Count != _given.Length)
        {
            return false;
        }

        foreach (var (name, values) in _given)
        {
            if (!now.TryGetValues(name, out var valuesNow) || !valuesNow.SequenceEqual(values))
            {
                return false;
            }
        }

        return true;
    }
}
