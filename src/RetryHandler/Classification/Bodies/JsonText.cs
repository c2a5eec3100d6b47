using System.Buffers;
using System.Buffers.Text;

namespace RetryHandler.Classification;

/// <summary>The strings of JSON.</summary>
internal static class JsonText
{
    /// <summary>What stands for characters that are not ASCII: no known code or phrase holds any.</summary>
    private const byte NotAscii = 0xFF;

    /// <summary>Gets the bytes that end a number or one of the words true, false and null.</summary>
    public static SearchValues<byte> AfterLiteral { get; } = SearchValues.Create(" \t\r\n,]}"u8);

    /// <summary>Finds the quote that ends a string.</summary>
    /// <param name="text">What follows the quote that begins it.</param>
    /// <returns>-1 when the text is cut off.</returns>
    public static int FindEnd(ReadOnlySpan<byte> text)
    {
        var position = 0;
        while (text[position..].IndexOfAny((byte)'"', (byte)'\\') is var next and >= 0)
        {
            position += next;
            if (text[position] == '"')
            {
                return position;
            }

            position = Math.Min(position + 2, text.Length);
        }

        return -1;
    }

    /// <summary>Replaces the escapes by what they stand for, as far as the buffer goes.</summary>
    public static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> text, Span<byte> buffer)
    {
        var length = 0;
        while (!text.IsEmpty && length < buffer.Length)
        {
            if (text[0] != '\\' || text.Length == 1)
            {
                buffer[length++] = text[0];
                text = text[1..];
            }
            else if (text[1] == 'u')
            {
                buffer[length++] = ReadUnicode(text[2..]);
                text = text[Math.Min(6, text.Length)..];
            }
            else
            {
                buffer[length++] = ReadLetter(text[1]);
                text = text[2..];
            }
        }

        return buffer[..length];
    }

    private static byte ReadUnicode(ReadOnlySpan<byte> digits) =>
        digits.Length >= 4
        && Utf8Parser.TryParse(digits[..4], out ushort value, out var consumed, 'x')
        && consumed == 4
        && value < 0x80
            ? (byte)value
            : NotAscii;

    private static byte ReadLetter(byte letter) => letter switch
    {
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        (byte)'b' or (byte)'f' => (byte)' ',
        _ => letter,
    };
}
