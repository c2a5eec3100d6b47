using System.Text;

namespace RetryHandler.Classification;

/// <summary>Reads what the words of an error message say. English only, as APIs are.</summary>
internal static class MessageText
{
    /// <summary>How much of a message is read.</summary>
    public const int MaxLength = 600;

    // What stands in quotes may be what a user wrote; names of limits and their periods stand in quotes too.
    private const TextSigns OfQuotes = TextSigns.Throttling | TextSigns.Overload | TextSigns.RequestLimit
        | TextSigns.Refusal | TextSigns.CertainRefusal;

    private static readonly (TextSigns Sign, Phrases Phrases)[] Rules =
    [
        (TextSigns.Throttling, new(
            "rate limit", "ratelimit", "rate-limit", "too many requests", "too many calls", "too many concurrent",
            "throttl", "slow down", "request rate", "request limit", "requests per second", "requests per minute",
            "requests per hour", "calls per second", "calls per minute", "queries per second", "too frequent",
            "abuse detection", "too many visits", "request frequency", "frequency of request", "frequency limit",
            "requests too ", "rps limit", "qps limit")),
        (TextSigns.Overload, new(
            "being throttled", "been throttled", "is throttled", "request throttled", "too busy", "server is busy",
            "server busy", "overloaded", "rate limit exceeded", "exceeded the rate limit", "exceeded rate limit",
            "too many requests", "too many concurrent", "concurrent request", "slow down", "reset reason: overflow",
            "rate exceeded ")),
        (TextSigns.LongPeriod, new(
            " daily", " per day", "/day", "/ day", "per-day", " day limit", " for today", "24 hour", "24-hour",
            " monthly", " per month", " current month", " per 1 day", "/month", "/ month", "this month",
            "totalrequests limit", " 86400")),
        (TextSigns.Credits, new(" credits", " billing", " prepaid", "spending limit")),
        (TextSigns.Balance, new(" balance ", " credit ")),
        (TextSigns.NoCredit, new(
            "credit balance is too low", "credits exhausted", "credits are exhausted", "out of credits",
            "purchase credits", "no credits left", "no credits remaining", "not enough credits",
            "insufficient credits")),
        (TextSigns.CallQuota, new(
            "call volume quota", "bandwidth quota", "api quota", "call quota", "request quota", "requests quota",
            "usage quota", "messages quota", "quota will be replenished")),
        (TextSigns.Exceeded, new(
            "exceed", "limit", "exhaust", "insufficient", "maximum", "reached", "too low", "out of ", "used up",
            "used all", "run out", "ran out", "over quota", "over the")),
        (TextSigns.Permission, new(
            "permission", "not authorized", "unauthorized", "not allowed", "not enabled", "not been enabled",
            "not configured", "admin rights", "access rights", "access to this", "is denied", "access denied",
            "disallowed", "requires ")),
        (TextSigns.TooLarge, new(
            "request too large", "request is too large", "larger than the limit", "larger than max",
            "maximum configured message size")),
        (TextSigns.Locked, new("locked by", "resource locked", "another operation", "disruption budget")),
        (TextSigns.Concurrency, new("concurren", "simultaneous", "in parallel")),
        (TextSigns.Advice, new("decrease", "reduce", "lower the", "time window", "util concurrent")),
        (TextSigns.ShortPeriod, new(
            "per second", "per minute", "per min ", "/sec", "/min", "per hour",
            "per 100 seconds", "current minute", "next minute", "this minute", "this second", "next second")),
        (TextSigns.SecondaryLimit, new("secondary rate limit", "abuse detection mechanism")),
        (TextSigns.Over, new(
            "exceed", "excessive", "reached", "reach limit", "reach max", "limit met", "limit hit", " hit ", "too many",
            "too frequent", "requests too ", "over your", "over the", "out of rate limit", "rate limited",
            "rate-limited", "ratelimited", "throttled", "slow down", "abuse detection", "secondary rate limit")),
        (TextSigns.Validation, new(
            "must be", "must not", "between", "invalid", "at least", "at most", "less than", "greater than",
            "parameter", "allowed value", "allowed range", "cannot be", "can not be", "not found", "does not exist",
            "too long", "required", " rule", "configur", " setting")),
        (TextSigns.CertainRefusal, new(
            "rate limit exceeded", "ratelimit exceeded", "rate limit reached", "rate limit hit",
            "exceeded the rate limit", "exceeded rate limit", "exceeded your rate limit", "exceeded the api rate limit",
            "over your rate limit",
            "out of rate limit", "made too many requests", "sent too many requests", "sending too many requests",
            "making too many requests", "too many requests from", "too many calls from", "been rate limited",
            "being rate limited", "are rate limited", "been throttled", "being throttled", "request was throttled",
            "secondary rate limit", "abuse detection mechanism", "request rate threshold exceeded",
            "access too frequent", "requests too frequent", "request too frequent")),
        (TextSigns.Later, new("try again", "retry", "later", " wait", "slow down", "back off")),
        (TextSigns.Calls, new(" api ", " request", " call", " quer", "quota")),
    ];

    // Words about money and days that are not about what the caller has used up.
    private static readonly byte[][] Unrelated =
    [
        .. new[] { "load balance", "credit card", "cpu credit", "burst credit", "burst balance", "io credit" }
            .Select(Encoding.ASCII.GetBytes),
    ];

    public static TextSigns Read(ReadOnlySpan<byte> message)
    {
        // A space on either side lets " word " match at the ends too.
        Span<byte> buffer = stackalloc byte[MaxLength + 2];
        var text = buffer[..(Math.Min(message.Length, MaxLength) + 2)];
        Simplify(message, text);
        var signs = Find(text);
        if (!signs.Has(OfQuotes))
        {
            return signs;
        }

        Span<byte> unquoted = stackalloc byte[MaxLength];
        unquoted = unquoted[..(text.Length - 2)];
        if (!QuotedText.TryBlank(message, unquoted))
        {
            return signs;
        }

        Simplify(unquoted, text);
        return (signs & ~OfQuotes) | (Find(text) & OfQuotes);
    }

    private static TextSigns Find(ReadOnlySpan<byte> text)
    {
        Span<ulong> bits = stackalloc ulong[LetterPairs.Size];
        bits.Clear();
        var pairs = new LetterPairs(bits);
        pairs.Add(text);
        var signs = TextSigns.None;
        foreach (var (sign, phrases) in Rules)
        {
            signs |= phrases.AreIn(text, pairs) ? sign : TextSigns.None;
        }

        text = text.Trim(" ."u8);
        return signs
            | Sign(IsRequestLimit(text), TextSigns.RequestLimit)
            | Sign(EndsWithLongPeriod(text), TextSigns.LongPeriod)
            | Sign(text.SequenceEqual("limit exceeded"u8), TextSigns.PlanLimit)
            | Sign(StartsWithRefusal(text, signs), TextSigns.CertainRefusal)
            | Sign(signs.Has(TextSigns.Throttling) && signs.Has(TextSigns.Over), TextSigns.Refusal);
    }

    /// <summary>Makes letters small and punctuation a space; blanks out addresses, which name anything.</summary>
    private static void Simplify(ReadOnlySpan<byte> message, Span<byte> text)
    {
        text[0] = text[^1] = (byte)' ';
        for (var i = 1; i < text.Length - 1; i++)
        {
            var b = message[i - 1];
            text[i] = b switch
            {
                >= (byte)'A' and <= (byte)'Z' => (byte)(b | 0x20),
                < (byte)' ' or (byte)',' or (byte)';' or (byte)'"' or (byte)'\'' => (byte)' ',
                _ => b,
            };
        }

        for (var start = text.IndexOf("http"u8); start >= 0; start = text.IndexOf("http"u8))
        {
            var length = text[start..].IndexOf((byte)' ');
            text[start..(start + length)].Fill((byte)' ');
        }

        // Only now: the points of an address had to hold it together.
        text.Replace((byte)'.', (byte)' ');
        foreach (var phrase in Unrelated)
        {
            for (var start = text.IndexOf(phrase); start >= 0; start = text.IndexOf(phrase))
            {
                text.Slice(start, phrase.Length).Fill((byte)' ');
            }
        }
    }

    /// <summary>What a message begins with is what it is about; further on the words may name anything.</summary>
    private static bool StartsWithRefusal(ReadOnlySpan<byte> text, TextSigns signs)
    {
        text = text.StartsWith("error "u8) || text.StartsWith("error:"u8)
            ? text["error "u8.Length..].TrimStart((byte)' ')
            : text;
        return (signs.Has(TextSigns.Throttling) && StartsWithExceeded(text))
            || text.StartsWith("too many requests"u8)
            || text.StartsWith("too many calls"u8)
            || text.StartsWith("too many concurrent"u8)
            || text.StartsWith("rate limited"u8)
            || text.StartsWith("slow down"u8);
    }

    private static bool StartsWithExceeded(ReadOnlySpan<byte> text) =>
        text.StartsWith("exceeded "u8)
        || text.StartsWith("you have exceeded "u8)
        || text.StartsWith("you ve exceeded "u8)
        || text.StartsWith("you exceeded "u8);

    /// <summary>Finds "Rate Limited Day": inside a message the word may be about anything.</summary>
    private static bool EndsWithLongPeriod(ReadOnlySpan<byte> text) =>
        text.EndsWith(" day"u8) || text.EndsWith(" month"u8);

    private static bool IsRequestLimit(ReadOnlySpan<byte> text) =>
        text.IndexOf("request limit reached"u8) >= 0
        || (text.StartsWith("request "u8) && text.EndsWith(" frequency limit"u8))
        || (text.StartsWith("(#"u8)
            && (text.IndexOf("limit reached"u8) >= 0
                || text.IndexOf("too many calls"u8) >= 0
                || text.IndexOf("rate limit"u8) >= 0));

    private static TextSigns Sign(bool present, TextSigns sign) => present ? sign : TextSigns.None;
}
