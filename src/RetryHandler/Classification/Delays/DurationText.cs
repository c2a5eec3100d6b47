using System.Buffers;

namespace RetryHandler.Classification;

/// <summary>Reads numbers with units, as Go prints durations: 120ms, 1.56s, 6m0s.</summary>
internal static class DurationText
{
    private const int MaxLength = 32;

    private static readonly SearchValues<char> NumberChars = SearchValues.Create("0123456789.");

    private static readonly SearchValues<char> AfterUnit = SearchValues.Create("0123456789. ");

    public static bool TryRead(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        if (text.Length is 0 or > MaxLength)
        {
            return false;
        }

        while (!text.IsEmpty)
        {
            if (!TryReadPart(ref text, out var part))
            {
                return false;
            }

            // Cut off part by part, so that no sum of them can overflow.
            duration += part < DelayHint.Longest ? part : DelayHint.Longest;
        }

        return true;
    }

    private static bool TryReadPart(ref ReadOnlySpan<char> text, out TimeSpan part)
    {
        part = default;
        var digits = text.IndexOfAnyExcept(NumberChars);
        if (digits <= 0 || !DelayText.TryReadNumber(text[..digits], out var number))
        {
            return false;
        }

        text = text[digits..].TrimStart(' ');
        var end = text.IndexOfAny(AfterUnit);
        var unit = end < 0 ? text : text[..end];
        if (TicksOf(unit) is not { } ticks)
        {
            return false;
        }

        text = text[unit.Length..].TrimStart(' ');
        part = DelayText.ToTimeSpan(number, ticks);
        return true;
    }

    private static decimal? TicksOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 1m / TimeSpan.NanosecondsPerTick,
        "us" or "µs" => TimeSpan.TicksPerMicrosecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" or "sec" or "secs" or "second" or "seconds" => TimeSpan.TicksPerSecond,
        "m" or "min" or "mins" or "minute" or "minutes" => TimeSpan.TicksPerMinute,
        "h" or "hr" or "hour" or "hours" => TimeSpan.TicksPerHour,
        "d" or "day" or "days" => TimeSpan.TicksPerDay,
        _ => null,
    };
}
