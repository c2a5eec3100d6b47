namespace RetryHandler.Classification;

/// <summary>Which pairs of letters stand together in a text: rules most phrases out without a search.</summary>
/// <param name="bits">The memory for it, all zero.</param>
internal readonly ref struct LetterPairs(Span<ulong> bits)
{
    /// <summary>The size of the memory: a bit for each pair of the lower six bits of two letters.</summary>
    public const int Size = 64;

    private readonly Span<ulong> _bits = bits;

    public void Add(ReadOnlySpan<byte> text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            _bits[text[i - 1] & 63] |= 1UL << (text[i] & 63);
        }
    }

    public bool Has(byte first, byte second) => (_bits[first & 63] & (1UL << (second & 63))) != 0;
}
