using System.Net.Http.Headers;

namespace RetryHandler.Classification;

/// <summary>
/// Reads headers such as <c>X-RateLimit-Reset</c> together with <c>X-RateLimit-Remaining</c>, whatever stands around
/// these words.
/// </summary>
/// <remarks>
/// A response may report several limits, of which only the exhausted one says when to come back: OpenAI's requests may
/// be free again in 120 ms and its tokens in 6 minutes.
/// </remarks>
internal static class LimitResets
{
    /// <summary>Finds the longest reset of the limits that are used up.</summary>
    /// <param name="headers">The headers of the response.</param>
    /// <param name="usedUpOnly">Whether a reset counts only when the response says that nothing remains.</param>
    public static DelayHint Read(in HttpHeadersNonValidated headers, bool usedUpOnly)
    {
        var usedUp = default(DelayHint);
        var unknown = default(DelayHint);
        foreach (var header in headers)
        {
            var name = header.Key.AsSpan();
            var start = name.IndexOf("reset", StringComparison.OrdinalIgnoreCase);
            if (start < 0 || !LimitNames.IsLimit(name))
            {
                continue;
            }

            var end = start + LimitNames.LengthOfReset(name[start..]);
            var hint = ReadReset(name, header.Value.ToString());
            switch (FindRemaining(headers, name[..start], name[end..]))
            {
                case null:
                    unknown = unknown.OrLonger(hint);
                    break;
                case { } remaining when IsZero(remaining):
                    usedUp = usedUp.OrLonger(hint);
                    break;
            }
        }

        return usedUp.IsNone && !usedUpOnly ? unknown : usedUp;
    }

    /// <summary>Reads the value of one header. KuCoin's gateway counts milliseconds without saying so.</summary>
    public static DelayHint ReadReset(ReadOnlySpan<char> name, string value) =>
        name.EndsWith("-ms", StringComparison.OrdinalIgnoreCase)
        || name.Equals("gw-ratelimit-reset", StringComparison.OrdinalIgnoreCase)
            ? DelayText.ReadMilliseconds(value)
            : DelayText.ReadReset(value);

    /// <summary>Finds the header that is named like the reset, with "remaining" in its place.</summary>
    private static string? FindRemaining(
        in HttpHeadersNonValidated headers, ReadOnlySpan<char> before, ReadOnlySpan<char> after)
    {
        foreach (var header in headers)
        {
            var name = header.Key.AsSpan();
            if (LimitNames.Between(name, before, after)
                .Equals(LimitNames.Remaining, StringComparison.OrdinalIgnoreCase))
            {
                return header.Value.ToString();
            }
        }

        return null;
    }

    /// <summary>Reads "0" and, with parameters that tell the length of the window, "0;w=21600".</summary>
    private static bool IsZero(string remaining)
    {
        var end = remaining.AsSpan().IndexOfAny(';', ',');
        var number = remaining.AsSpan(0, end < 0 ? remaining.Length : end).Trim();
        return number.Length > 0 && number[0] == '0' && !number.ContainsAnyExcept('0', '.');
    }
}
