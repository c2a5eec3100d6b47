using System.Globalization;

namespace RetryHandler.Classification;

/// <summary>Reads delays as APIs write them.</summary>
internal static class DelayText
{
    private const int MaxDigits = 15;

    private const int MaxDateLength = 64;

    private const decimal FirstEpochSecond = 1e9m;

    private const decimal FirstEpochMillisecond = 1e12m;

    // The three formats of RFC 9110, section 5.6.7, without the day's name, which may be wrong and says nothing; and
    // ISO 8601.
    private static readonly string[] DateFormats =
    [
        "d MMM yyyy H:m:s 'GMT'", "d MMM yyyy H:m:s 'UTC'", "d MMM yyyy H:m:s zzz", "d-MMM-yy H:m:s 'GMT'",
        "MMM d H:m:s yyyy",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd' 'HH:mm:ss 'UTC'",
        "yyyy-MM-dd'T'HH:mmK",
    ];

    private static readonly string[] ClockFormats = [@"hh\:mm\:ss", @"d\.hh\:mm\:ss"];

    /// <summary>Reads a value of <c>Retry-After</c>: seconds, also with decimals or a unit, or an instant.</summary>
    /// <returns>The default when the text is none of these.</returns>
    public static DelayHint Read(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        return TryReadNumber(text, out var seconds) ? new(ToTimeSpan(seconds, TimeSpan.TicksPerSecond))
            : DurationText.TryRead(text, out var duration) ? new(duration)
            : TimeSpan.TryParseExact(text, ClockFormats, CultureInfo.InvariantCulture, out var time) ? new(time)
            : new(null, ReadInstant(text));
    }

    /// <summary>Reads when a limit is reset: in seconds, or since 1970, as the number's size tells.</summary>
    public static DelayHint ReadReset(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (!TryReadNumber(text, out var number) || number < FirstEpochSecond)
        {
            return Read(text);
        }

        // A whole second stands for any moment within it; the reset may be as late as the end of it.
        var seconds = number >= FirstEpochMillisecond ? number / 1000
            : number == decimal.Truncate(number) ? number + 1
            : number;
        var limit = DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch;
        var sinceEpoch = ToTimeSpan(seconds, TimeSpan.TicksPerSecond);
        return new(null, DateTimeOffset.UnixEpoch + (sinceEpoch < limit ? sinceEpoch : limit));
    }

    public static DelayHint ReadMilliseconds(ReadOnlySpan<char> text) =>
        TryReadNumber(text.Trim(), out var milliseconds)
            ? new(ToTimeSpan(milliseconds, TimeSpan.TicksPerMillisecond))
            : default;

    /// <summary>Reads digits and at most one point: no sign, no exponent, no other alphabet.</summary>
    public static bool TryReadNumber(ReadOnlySpan<char> text, out decimal number)
    {
        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? default : text[(point + 1)..];
        var isNumber = IsDigits(whole) && (point < 0 || IsDigits(fraction));
        number = isNumber ? ReadDigits(whole, 0) + ReadDigits(fraction, (byte)fraction.Length) : 0;
        return isNumber;
    }

    /// <summary>Rounds up, because a wait must not end early.</summary>
    public static TimeSpan ToTimeSpan(decimal units, decimal ticksPerUnit)
    {
        var ticks = Math.Ceiling(units * ticksPerUnit);
        return ticks >= long.MaxValue ? TimeSpan.MaxValue : new TimeSpan((long)ticks);
    }

    private static bool IsDigits(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MaxDigits && !text.ContainsAnyExceptInRange('0', '9');

    // Each part is short enough for a long.
    private static decimal ReadDigits(ReadOnlySpan<char> digits, byte scale)
    {
        var value = 0L;
        foreach (var digit in digits)
        {
            value = (10 * value) + (digit - '0');
        }

        return new decimal((int)value, (int)(value >> 32), 0, false, scale);
    }

    private static DateTimeOffset? ReadInstant(ReadOnlySpan<char> text)
    {
        if (text.Length is < 12 or > MaxDateLength)
        {
            return null;
        }

        var comma = text.IndexOf(',');
        var dayName = comma >= 0 ? comma + 1 : char.IsAsciiLetter(text[0]) ? 4 : 0;
        return DateTimeOffset.TryParseExact(
            text[dayName..].Trim(),
            DateFormats,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowInnerWhite,
            out var instant)
            ? instant
            : null;
    }
}
