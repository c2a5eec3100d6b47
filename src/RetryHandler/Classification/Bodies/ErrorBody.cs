using System.Text;

namespace RetryHandler.Classification;

/// <summary>Finds out what sort of text a body is, and has it read.</summary>
/// <remarks>
/// The bytes decide, not the declared type or charset, which are wrong as often as not: JSON as text/plain, UTF-8 as
/// UTF-16, charsets that do not exist.
/// </remarks>
internal static class ErrorBody
{
    // Enough for every error; bodies in UTF-16 are rare.
    private const int MaxWideCharacters = 2048;

    /// <returns>Whether nothing can follow that was not read; always, for other texts than JSON.</returns>
    public static bool Read<TFacts>(ReadOnlySpan<byte> body, ref TFacts facts)
        where TFacts : struct, IBodyFacts
    {
        if (FindWide(body) is { } lowByte)
        {
            Span<byte> narrow = stackalloc byte[MaxWideCharacters];
            return ReadNarrow(Narrow(body, lowByte, narrow), ref facts);
        }

        var mark = Encoding.UTF8.Preamble;
        return ReadNarrow(body.StartsWith(mark) ? body[mark.Length..] : body, ref facts);
    }

    private static bool ReadNarrow<TFacts>(ReadOnlySpan<byte> body, ref TFacts facts)
        where TFacts : struct, IBodyFacts
    {
        body = body.TrimStart(" \t\r\n"u8);
        switch (body.IsEmpty ? default : body[0])
        {
            case (byte)'{' or (byte)'[':
                return JsonErrorScanner<TFacts>.Scan(body, ref facts);
            case (byte)'<' when !IsHtml(body):
                XmlErrorScanner<TFacts>.Scan(body, ref facts);
                break;
            case >= 0xA0 and <= 0xBF:
                CborErrorScanner<TFacts>.Scan(body, ref facts);
                break;
            case >= (byte)' ' and not (byte)'<':
                facts.AddText(body);
                break;
        }

        return true;
    }

    /// <summary>A page says what its author likes; only its status says what happened.</summary>
    private static bool IsHtml(ReadOnlySpan<byte> body) =>
        Ascii.EqualsIgnoreCase(body[..Math.Min(body.Length, 5)], "<html"u8)
        || Ascii.EqualsIgnoreCase(body[..Math.Min(body.Length, 14)], "<!doctype html"u8);

    /// <summary>Finds UTF-16 by its byte order mark or by the zeros between its letters.</summary>
    /// <returns>Which byte of each two holds an ASCII letter, or null for other encodings.</returns>
    private static int? FindWide(ReadOnlySpan<byte> body) => body switch
    {
        [0xFF, 0xFE, ..] or [not 0, 0, not 0, 0, ..] => 0,
        [0xFE, 0xFF, ..] or [0, not 0, 0, not 0, ..] => 1,
        _ => null,
    };

    private static ReadOnlySpan<byte> Narrow(ReadOnlySpan<byte> wide, int lowByte, Span<byte> narrow)
    {
        var mark = wide[0] is 0xFE or 0xFF ? 1 : 0;
        var length = Math.Min((wide.Length / 2) - mark, narrow.Length);
        for (var i = 0; i < length; i++)
        {
            var at = 2 * (i + mark);
            narrow[i] = wide[at + 1 - lowByte] == 0 ? wide[at + lowByte] : (byte)0xFF;
        }

        return narrow[..length];
    }
}
