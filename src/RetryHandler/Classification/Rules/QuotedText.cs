namespace RetryHandler.Classification;

/// <summary>Finds what a message quotes.</summary>
internal static class QuotedText
{
    /// <summary>Copies a message, with spaces in the place of what stands in quotes.</summary>
    /// <param name="message">The message, of which the beginning is copied, as far as there is room.</param>
    /// <param name="text">Where to; untouched when nothing is quoted.</param>
    /// <returns>Whether anything is quoted.</returns>
    public static bool TryBlank(ReadOnlySpan<byte> message, Span<byte> text)
    {
        message = message[..text.Length];
        var isQuoting = false;
        for (var start = 0; start < message.Length; start++)
        {
            if (!Opens(message, start) || FindEnd(message, start) is not (var end and > 0))
            {
                continue;
            }

            if (!isQuoting)
            {
                message.CopyTo(text);
                isQuoting = true;
            }

            text[start..(end + 1)].Fill((byte)' ');
            start = end;
        }

        return isQuoting;
    }

    /// <summary>An apostrophe inside a word is no quote.</summary>
    private static bool Opens(ReadOnlySpan<byte> message, int at) =>
        message[at] is (byte)'"' or (byte)'`'
        || (message[at] == '\'' && (at == 0 || !IsLetterOrDigit(message[at - 1])));

    private static int FindEnd(ReadOnlySpan<byte> message, int start)
    {
        for (var end = start + 1; end < message.Length; end++)
        {
            if (message[end] == message[start]
                && (message[start] != '\'' || end + 1 == message.Length || !IsLetterOrDigit(message[end + 1])))
            {
                return end;
            }
        }

        return -1;
    }

    private static bool IsLetterOrDigit(byte b) => char.IsAsciiLetterOrDigit((char)b);
}
