using System.Buffers.Binary;

namespace RetryHandler.Classification;

/// <summary>Reads the texts of the outermost map of a CBOR body (RFC 8949), as AWS's services send it.</summary>
/// <remarks>The walk ends at the first value that is not a plain text or number: the code comes first.</remarks>
internal ref struct CborErrorScanner<TFacts>
    where TFacts : struct, IBodyFacts
{
    private const int Text = 3;

    private const int Map = 5;

    private const int Indefinite = 31;

    private ReadOnlySpan<byte> _cbor;

    private CborErrorScanner(ReadOnlySpan<byte> cbor) => _cbor = cbor;

    public static void Scan(ReadOnlySpan<byte> cbor, ref TFacts facts)
    {
        var scanner = new CborErrorScanner<TFacts>(cbor);
        if (!scanner.TryReadHead(out var type, out _) || type != Map)
        {
            return;
        }

        while (scanner.TryReadText(out var key) && scanner.TryReadText(out var value))
        {
            facts.AddScalar(ErrorPlace.Root, ErrorKey.From(key), ScalarKind.String, value, 1);
        }
    }

    private bool TryReadText(out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!TryReadHead(out var type, out var length) || type != Text || length > (ulong)_cbor.Length)
        {
            return false;
        }

        text = _cbor[..(int)length];
        _cbor = _cbor[(int)length..];
        return true;
    }

    /// <summary>Reads the type of an item and its length, which follows in 0, 1, 2, 4 or 8 bytes.</summary>
    private bool TryReadHead(out int type, out ulong length)
    {
        type = -1;
        length = 0;
        if (_cbor.IsEmpty)
        {
            return false;
        }

        type = _cbor[0] >> 5;
        var info = _cbor[0] & 0x1F;
        _cbor = _cbor[1..];
        if (info is < 24 or Indefinite)
        {
            length = info == Indefinite ? 0 : (ulong)info;
            return info != Indefinite || type == Map;
        }

        var bytes = 1 << (info - 24);
        if (info > 27 || _cbor.Length < bytes)
        {
            return false;
        }

        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        _cbor[..bytes].CopyTo(padded[^bytes..]);
        length = BinaryPrimitives.ReadUInt64BigEndian(padded);
        _cbor = _cbor[bytes..];
        return true;
    }
}
