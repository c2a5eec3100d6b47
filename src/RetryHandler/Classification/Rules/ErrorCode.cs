using System.Text;

namespace RetryHandler.Classification;

/// <summary>Reads one error code: cuts off what is not the code, and looks it up.</summary>
internal static class ErrorCode
{
    /// <summary>What is longer is no code.</summary>
    public const int MaxLength = 128;

    // "Rate limit exceeded" is a code with spaces; a sentence is not, and may speak of anything.
    private const int MaxSpaces = 2;

    private const CodeSigns OfUser = CodeSigns.UserThrottling | CodeSigns.UserTransient;

    /// <summary>Reads a value that may be a code: of the numbers only 429 speaks for itself, and those of the
    /// user.</summary>
    public static CodeSigns Read(ScalarKind kind, ReadOnlySpan<byte> value, ClassificationSettings settings) =>
        kind switch
        {
            ScalarKind.String => Read(value, settings),
            ScalarKind.Number when value.SequenceEqual("429"u8) => Read(value, settings),
            ScalarKind.Number => ReadWhole(value, settings) & OfUser,
            _ => CodeSigns.None,
        };

    public static CodeSigns Read(ReadOnlySpan<char> code, ClassificationSettings settings)
    {
        Span<byte> bytes = stackalloc byte[2 * MaxLength];
        return code.Length <= bytes.Length && Encoding.UTF8.TryGetBytes(code, bytes, out var count)
            ? Read(bytes[..count], settings)
            : CodeSigns.None;
    }

    /// <remarks>The user may have written the code with what is cut off, or without.</remarks>
    public static CodeSigns Read(ReadOnlySpan<byte> code, ClassificationSettings settings)
    {
        var cut = Cut(code);
        var signs = ReadWhole(cut, settings);
        return cut.Length < code.Length ? signs | (ReadWhole(code, settings) & OfUser) : signs;
    }

    /// <summary>Reads a code of which nothing is to be cut off.</summary>
    public static CodeSigns ReadWhole(ReadOnlySpan<byte> code, ClassificationSettings settings)
    {
        if (code.Length > MaxLength || !Ascii.IsValid(code) || code.Count((byte)' ') > MaxSpaces)
        {
            return CodeSigns.None;
        }

        Span<byte> normalized = stackalloc byte[MaxLength];
        var length = Normalize(code, normalized);
        var signs = ErrorCodeCatalogue.Find(normalized[..length], settings);

        // Which limit it is says nothing as long as nothing says that it is one.
        return (signs & ~CodeSigns.Concurrency) != CodeSigns.None ? signs
            : IsWord(code) && !ErrorCodeCatalogue.IsGeneric(normalized[..length]) ? signs | CodeSigns.Other
            : CodeSigns.None;
    }

    public static byte[] Normalize(string code)
    {
        Span<byte> normalized = stackalloc byte[MaxLength];
        return code.Length <= MaxLength && Ascii.IsValid(code)
            ? normalized[..Normalize(Encoding.ASCII.GetBytes(code), normalized)].ToArray()
            : [];
    }

    /// <summary>Keeps small letters and digits: RATE_LIMIT, rate-limit and RateLimit are one code.</summary>
    public static int Normalize(ReadOnlySpan<byte> code, Span<byte> normalized)
    {
        var length = 0;
        foreach (var b in code)
        {
            if (char.IsAsciiLetterOrDigit((char)b))
            {
                normalized[length++] = (byte)char.ToLowerInvariant((char)b);
            }
        }

        return length;
    }

    /// <summary>Finds codes that say something: no sentences, and none with numbers, such as E0000047.</summary>
    private static bool IsWord(ReadOnlySpan<byte> code) =>
        code.Length > 2 && !code.Contains((byte)' ') && code.IndexOfAnyInRange((byte)'0', (byte)'9') < 0;

    /// <summary>
    /// Cuts the namespace and the address off an AWS code ("namespace#Code:http://..."), and all but the last part off
    /// a problem type (RFC 9457), which is an address or a name (urn:ietf:params:acme:error:rateLimited).
    /// </summary>
    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> code)
    {
        code = code.Trim((byte)' ');
        if (code.StartsWith("http://"u8) || code.StartsWith("https://"u8))
        {
            return code[(code.LastIndexOfAny((byte)'#', (byte)'/') + 1)..];
        }

        if (code.StartsWith("urn:"u8))
        {
            return code[(code.LastIndexOf((byte)':') + 1)..];
        }

        var colon = code.IndexOf((byte)':');
        code = colon < 0 ? code : code[..colon];
        return code[(code.IndexOf((byte)'#') + 1)..];
    }
}
