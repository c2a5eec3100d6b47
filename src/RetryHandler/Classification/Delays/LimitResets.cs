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
        var left = LimitNames.MostLimits;
        foreach (var header in headers)
        {
            var name = header.Key.AsSpan();
            var start = name.IndexOf("reset", StringComparison.OrdinalIgnoreCase);
            if (start < 0 || !LimitNames.IsLimit(name))
            {
                continue;
            }

            if (left-- == 0)
            {
                break;
            }

            var end = start + LimitNames.LengthOfReset(name[start..]);
            var reset = header.Value.ToString();
            if (FindRemaining(headers, name[..start], name[end..]) is { } remaining)
            {
                usedUp = usedUp.OrLonger(ReadUsedUp(name, reset, remaining));
            }
            else
            {
                unknown = unknown.OrLonger(ReadReset(name, reset));
            }
        }

        return usedUp.IsNone && !usedUpOnly ? unknown : usedUp;
    }

    /// <summary>Reads the value of one header. KuCoin's gateway counts milliseconds without saying so.</summary>
    public static DelayHint ReadReset(ReadOnlySpan<char> name, ReadOnlySpan<char> value) =>
        name.EndsWith("-ms", StringComparison.OrdinalIgnoreCase)
        || name.Equals("gw-ratelimit-reset", StringComparison.OrdinalIgnoreCase)
            ? DelayText.ReadMilliseconds(value)
            : DelayText.ReadReset(value);

    /// <summary>Reads the reset of one limit, or of several in one line: "1, 1419704" with "0, 1834" left.</summary>
    private static DelayHint ReadUsedUp(
        ReadOnlySpan<char> name, ReadOnlySpan<char> reset, ReadOnlySpan<char> remaining)
    {
        var whole = ReadReset(name, reset);
        if (!whole.IsNone)
        {
            return IsZero(remaining) ? whole : default;
        }

        var longest = default(DelayHint);
        while (!reset.IsEmpty && !remaining.IsEmpty)
        {
            var next = ReadReset(name, TakeFirst(ref reset));
            longest = IsZero(TakeFirst(ref remaining)) ? longest.OrLonger(next) : longest;
        }

        return longest;
    }

    private static ReadOnlySpan<char> TakeFirst(ref ReadOnlySpan<char> list)
    {
        var comma = list.IndexOf(',');
        var first = comma < 0 ? list : list[..comma];
        list = comma < 0 ? default : list[(comma + 1)..];
        return first.Trim();
    }

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

    /// <summary>
    /// Reads "0" and, with parameters that tell the length of the window, "0;w=21600", or with the limit, "0/40".
    /// </summary>
    private static bool IsZero(ReadOnlySpan<char> remaining)
    {
        var end = remaining.IndexOfAny(";,/");
        var number = (end < 0 ? remaining : remaining[..end]).Trim();
        return number.Length > 0 && number[0] == '0' && !number.ContainsAnyExcept('0', '.');
    }
}
