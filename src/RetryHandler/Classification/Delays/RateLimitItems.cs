namespace RetryHandler.Classification;

/// <summary>
/// Takes a field of the IETF (draft-ietf-httpapi-ratelimit-headers) apart: since draft 08 a list of limits with
/// parameters, <c>"burst";r=0;t=5</c>, in draft 07 one dictionary, <c>limit=100, remaining=0, reset=5</c>, and before
/// it numbers, <c>100, 100;w=60</c>.
/// </summary>
/// <remarks>
/// A malformed field has no items, as it must be ignored as a whole; nor has one of more than
/// <see cref="LimitNames.MostLimits"/>.
/// </remarks>
internal ref struct RateLimitItems(ReadOnlySpan<char> field)
{
    private ReadOnlySpan<char> _rest =
        field.Count('"') % 2 == 0 && field.Count(',') < LimitNames.MostLimits ? field : default;
    private RateLimitItem _dictionary;
    private bool _hasDictionary;

    public RateLimitItem Current { get; private set; }

    public readonly RateLimitItems GetEnumerator() => this;

    public bool MoveNext()
    {
        while (!_rest.IsEmpty)
        {
            var parameters = Take(ref _rest, ',');
            var name = Take(ref parameters, ';').Trim();
            if (name.Contains('=') && name[0] != '"')
            {
                _dictionary.Set(name);
                _hasDictionary = true;
                continue;
            }

            var item = new RateLimitItem(name.Trim('"'));
            while (!parameters.IsEmpty)
            {
                item.Set(Take(ref parameters, ';'));
            }

            Current = item;
            return true;
        }

        Current = _dictionary;
        var hasMore = _hasDictionary;
        _hasDictionary = false;
        return hasMore;
    }

    /// <summary>Takes what stands before a separator that is not inside quotes, and the separator.</summary>
    private static ReadOnlySpan<char> Take(scoped ref ReadOnlySpan<char> text, char separator)
    {
        var quoted = false;
        var end = 0;
        while (end < text.Length && (quoted || text[end] != separator))
        {
            quoted ^= text[end++] == '"';
        }

        var taken = text[..end];
        text = end < text.Length ? text[(end + 1)..] : default;
        return taken;
    }
}
