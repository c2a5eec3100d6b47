namespace RetryHandler.Classification;

/// <summary>
/// Reads the <c>RateLimit</c> field of the IETF (draft-ietf-httpapi-ratelimit-headers): since draft 08 a list of limits
/// with parameters, <c>"burst";r=0;t=5</c>, in draft 07 one dictionary, <c>limit=100, remaining=0, reset=5</c>.
/// </summary>
internal static class RateLimitField
{
    /// <summary>Finds the longest delay of the limits that are used up, or that the body names as violated.</summary>
    /// <returns>None as well when the field is malformed, which must then be ignored as a whole.</returns>
    public static DelayHint Read(ReadOnlySpan<char> field, List<string>? violated)
    {
        var longest = default(DelayHint);
        var dictionary = default(Limit);
        if (field.Count('"') % 2 != 0)
        {
            return longest;
        }

        while (!field.IsEmpty)
        {
            var item = Take(ref field, ',');
            var name = Take(ref item, ';').Trim();
            if (name.Contains('=') && name[0] != '"')
            {
                dictionary.Set(name);
                continue;
            }

            var limit = default(Limit);
            while (!item.IsEmpty)
            {
                limit.Set(Take(ref item, ';'));
            }

            longest = limit.IsUsedUp || IsViolated(name.Trim('"'), violated) ? longest.OrLonger(limit.Delay) : longest;
        }

        return dictionary.IsUsedUp ? longest.OrLonger(dictionary.Delay) : longest;
    }

    /// <summary>Takes what stands before a separator that is not inside quotes, and the separator.</summary>
    private static ReadOnlySpan<char> Take(ref ReadOnlySpan<char> text, char separator)
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

    private static bool IsViolated(ReadOnlySpan<char> name, List<string>? violated)
    {
        foreach (var policy in violated ?? [])
        {
            if (name.SequenceEqual(policy))
            {
                return true;
            }
        }

        return false;
    }

    private struct Limit
    {
        private DelayHint _window;
        private bool _isRenamed;

        public bool IsUsedUp { get; private set; }

        public DelayHint Delay { get; private set; }

        public void Set(ReadOnlySpan<char> parameter)
        {
            var equals = parameter.IndexOf('=');
            var value = parameter[(equals + 1)..].Trim();
            switch (parameter[..Math.Max(0, equals)].Trim())
            {
                case "r" or "remaining":
                    IsUsedUp = value is "0";
                    break;
                case "t" or "reset":
                    Delay = DelayText.Read(value);
                    break;

                // A proposal (ietf-wg-httpapi/ratelimit-headers#166) renames r to a, and t to w, which without an a is
                // the length of the window.
                case "a":
                    IsUsedUp = value is "0";
                    _isRenamed = true;
                    break;
                case "w":
                    _window = DelayText.Read(value);
                    break;
            }

            Delay = _isRenamed ? _window : Delay;
        }
    }
}
