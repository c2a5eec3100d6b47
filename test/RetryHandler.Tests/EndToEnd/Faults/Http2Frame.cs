using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>The frames of RFC 9113 that the raw HTTP/2 upstream needs.</summary>
internal readonly record struct Http2Frame(byte Type, byte Flags, int Stream, byte[] Payload)
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte ResetStream = 3;
    public const byte Settings = 4;
    public const byte Ping = 6;
    public const byte GoAway = 7;
    public const byte WindowUpdate = 8;

    public const int HeaderLength = 9;

    private const byte EndStreamFlag = 1;
    private const byte AckFlag = 1;
    private const byte EndHeadersFlag = 4;

    public bool EndsStream => Type is Data or Headers && (Flags & EndStreamFlag) != 0;

    public bool IsAck => Type is Settings or Ping && (Flags & AckFlag) != 0;

    public static Http2Frame EmptySettings() => new(Settings, 0, 0, []);

    /// <summary>Acknowledges a SETTINGS or a PING.</summary>
    public static Http2Frame Ack(in Http2Frame frame) =>
        new(frame.Type, AckFlag, 0, frame.Type == Ping ? frame.Payload : []);

    /// <summary>A response without a body; status 200 is entry 8 of HPACK's static table, 503 is written out.</summary>
    public static Http2Frame Response(int stream, int status) => new(
        Headers,
        EndStreamFlag | EndHeadersFlag,
        stream,
        status == 200 ? [0x88] : [0x08, 3, .. Encoding.ASCII.GetBytes(status.ToString(CultureInfo.InvariantCulture))]);

    public static Http2Frame Reset(int stream, int error) => new(ResetStream, 0, stream, Number(error));

    public static Http2Frame Leave(int lastStream, int error) =>
        new(GoAway, 0, 0, [.. Number(lastStream), .. Number(error)]);

    public static (int Length, Http2Frame Frame) ParseHeader(ReadOnlySpan<byte> bytes) => (
        (bytes[0] << 16) | (bytes[1] << 8) | bytes[2],
        new Http2Frame(bytes[3], bytes[4], (int)(BinaryPrimitives.ReadUInt32BigEndian(bytes[5..]) & 0x7FFF_FFFF), []));

    public byte[] ToBytes() =>
    [
        (byte)(Payload.Length >> 16), (byte)(Payload.Length >> 8), (byte)Payload.Length,
        Type, Flags,
        .. Number(Stream),
        .. Payload,
    ];

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
