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
        var unclosed = 0UL;
        for (var start = 0; start < message.Length; start++)
        {
            // A quote that nothing closes closes none of the later ones either: the search for it is made once.
            var quote = 1UL << (message[start] & 63);
            if (!Opens(message, start) || (unclosed & quote) != 0)
            {
                continue;
            }

            var end = FindEnd(message, start);
            if (end < 0)
            {
                unclosed |= quote;
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
