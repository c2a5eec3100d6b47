using System.Net.Http.Headers;

namespace RetryHandler.Classification;

/// <summary>Finds how long an upstream asks to wait: what is more exact or more explicit comes first.</summary>
internal static class ServerDelays
{
    /// <summary>The least that GitHub's documentation asks for when a secondary limit comes without a delay.</summary>
    private static readonly TimeSpan SecondaryLimitDelay = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Shorter resets are those of another limit: X's monthly cap comes with the reset of its quarter of an hour,
    /// Gemini's daily quota with a delay of seconds.
    /// </summary>
    private static readonly TimeSpan ShortestQuotaReset = TimeSpan.FromHours(1);

    /// <summary>Finds the delay that a verdict of this kind carries.</summary>
    public static TimeSpan? Read(
        HttpResponseMessage response, in BodyHints body, TextSigns text, FailureKind kind, TimeProvider timeProvider)
    {
        var headers = response.Headers.NonValidated;
        if (IsFromCache(headers))
        {
            return null;
        }

        var clock = new ServerClock(response, timeProvider);
        return ReadExplicit(headers).From(clock) ?? kind switch
        {
            FailureKind.QuotaExhausted => AtLeast(
                ShortestQuotaReset,
                ReadRateLimit(headers, body).From(clock) ?? LimitResets.Read(headers, usedUpOnly: true).From(clock)),
            FailureKind.Throttled =>
                ReadRateLimit(headers, body).From(clock)
                ?? body.Delay.From(clock)
                ?? LimitResets.Read(headers, usedUpOnly: false).From(clock)
                ?? (text.Has(TextSigns.SecondaryLimit) ? SecondaryLimitDelay : null),
            _ => body.Delay.From(clock),
        };
    }

    /// <summary>Reads AWS's hint, which is no minimum: digits only, milliseconds.</summary>
    public static TimeSpan? ReadBoundedHint(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("x-amz-retry-after", out var values)
        && values.ToString() is var text
        && !text.Contains('.', StringComparison.Ordinal)
            ? DelayText.ReadMilliseconds(text).From(default)
            : null;

    /// <summary>A cache repeats what was true when it stored the response.</summary>
    public static bool IsFromCache(in HttpHeadersNonValidated headers) =>
        headers.TryGetValues("Age", out var age)
        && DelayText.TryReadNumber(age.ToString(), out var seconds)
        && seconds > 0;

    private static DelayHint ReadExplicit(in HttpHeadersNonValidated headers)
    {
        var milliseconds = default(DelayHint);
        var retryAfter = default(DelayHint);
        var pushback = default(DelayHint);
        foreach (var (name, values) in headers)
        {
            if (!name.Contains("retry", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            foreach (var value in values)
            {
                if (Ends(name, "retry-after-ms"))
                {
                    milliseconds = milliseconds.OrLonger(DelayText.ReadMilliseconds(value));
                }
                else if (Ends(name, "pushback-ms"))
                {
                    pushback = pushback.OrLonger(DelayText.ReadMilliseconds(value));
                }
                else if (IsRetryAfter(name))
                {
                    retryAfter = retryAfter.OrLonger(ReadList(value));
                }
            }
        }

        return !milliseconds.IsNone ? milliseconds
            : !retryAfter.IsNone ? retryAfter
            : pushback;
    }

    private static bool IsRetryAfter(string name) =>
        (Ends(name, "retry-after") && !name.Equals("x-amz-retry-after", StringComparison.OrdinalIgnoreCase))
        || Ends(name, "retry-in")
        || Ends(name, "retry-after-seconds");

    /// <summary>Reads one value, or several in one line, of which the longest counts. Dates hold a comma too.</summary>
    private static DelayHint ReadList(ReadOnlySpan<char> text)
    {
        var whole = DelayText.ReadReset(text);
        var comma = text.IndexOf(',');
        if (!whole.IsNone || comma < 0)
        {
            return whole;
        }

        var longest = default(DelayHint);
        while (comma >= 0)
        {
            longest = longest.OrLonger(DelayText.ReadReset(text[..comma]));
            text = text[(comma + 1)..];
            comma = text.IndexOf(',');
        }

        return longest.OrLonger(DelayText.ReadReset(text));
    }

    private static DelayHint ReadRateLimit(in HttpHeadersNonValidated headers, in BodyHints body)
    {
        foreach (var (name, values) in headers)
        {
            if (LimitNames.IsField(name))
            {
                var hint = RateLimitField.Read(values.ToString(), body.ViolatedPolicies);
                if (!hint.IsNone)
                {
                    return hint;
                }
            }
        }

        return default;
    }

    private static TimeSpan? AtLeast(TimeSpan least, TimeSpan? delay) => delay >= least ? delay : null;

    private static bool Ends(string name, string ending) => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
}
