namespace RetryHandler.Classification;

/// <summary>A set of error codes, compared by their letters and digits without regard to case.</summary>
/// <remarks>Looks up spans of bytes without making strings of them, on every target framework.</remarks>
internal sealed class CodeSet
{
    private static readonly CodeSet Empty = new([]);

    private readonly byte[][][] _byLength = new byte[ErrorCode.MaxLength + 1][][];

    public CodeSet(IEnumerable<string> codes)
    {
        var normalized = codes.Select(ErrorCode.Normalize).Where(static code => code.Length > 0);
        foreach (var group in normalized.GroupBy(static code => code.Length))
        {
            _byLength[group.Key] = [.. group];
        }
    }

    public static CodeSet Of(ICollection<string> codes) => codes.Count == 0 ? Empty : new CodeSet(codes);

    /// <param name="normalized">A code without what is not compared.</param>
    public bool Contains(ReadOnlySpan<byte> normalized)
    {
        foreach (var code in _byLength[normalized.Length] ?? [])
        {
            if (normalized.SequenceEqual(code))
            {
                return true;
            }
        }

        return false;
    }
}
