using System.Net.Http.Headers;

namespace RetryHandler.Replay;

/// <summary>Headers as they were before the first attempt, raw and unparsed.</summary>
/// <remarks>
/// Inner handlers add their headers at each attempt; without this the third attempt carries them three times. Used
/// again for other calls, with the array that it has.
/// </remarks>
internal sealed class HeaderSnapshot
{
    private const string Length = "Content-Length";

    private KeyValuePair<string, HeaderStringValues>[] _given = [];
    private int _count;

    private ReadOnlySpan<KeyValuePair<string, HeaderStringValues>> Given => _given.AsSpan(0, _count);

    /// <summary>Takes the snapshot.</summary>
    public void Begin(HttpHeaders headers)
    {
        var given = headers.NonValidated;
        if (given.Count == 0)
        {
            return;
        }

        if (given.Count > _given.Length)
        {
            _given = new KeyValuePair<string, HeaderStringValues>[given.Count];
        }

        foreach (var header in given)
        {
            _given[_count++] = header;
        }
    }

    /// <summary>Forgets the headers, which may hold secrets.</summary>
    public void End()
    {
        if (_count > 0)
        {
            _given.AsSpan(0, _count).Clear();
            _count = 0;
        }
    }

    /// <summary>Gets whether the header was given, and not empty.</summary>
    public bool HasValue(string name)
    {
        foreach (var header in Given)
        {
            if (string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase)
                && !string.IsNullOrWhiteSpace(header.Value.ToString()))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Puts the headers back into the state of the snapshot.</summary>
    public void Restore(HttpHeaders headers)
    {
        // Nearly always nothing changed, and then the headers keep what they have parsed.
        if (IsUnchanged(headers.NonValidated))
        {
            return;
        }

        headers.Clear();
        foreach (var (name, values) in Given)
        {
            headers.TryAddWithoutValidation(name, values);
        }
    }

    private bool IsUnchanged(HttpHeadersNonValidated now)
    {
        // A content that was asked for its length shows it as a header from then on; it is no change. Nor may it be
        // taken away while another message that shares the content is on its way.
        var isLengthNew = now.Count == _count + 1 && now.Contains(Length) && !HasName(Length);
        if (now.Count != _count && !isLengthNew)
        {
            return false;
        }

        foreach (var (name, values) in Given)
        {
            if (!now.TryGetValues(name, out var valuesNow) || !AreEqual(valuesNow, values))
            {
                return false;
            }
        }

        return true;
    }

    private bool HasName(string name)
    {
        foreach (var header in Given)
        {
            if (string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    // By hand, because a sequence of values would box them.
    private static bool AreEqual(HeaderStringValues one, HeaderStringValues other)
    {
        if (one.Count != other.Count)
        {
            return false;
        }

        var others = other.GetEnumerator();
        foreach (var value in one)
        {
            if (!others.MoveNext() || others.Current != value)
            {
                return false;
            }
        }

        return true;
    }
}
