using System.Net;

namespace RetryHandler.Tests.Classification;

/// <summary>A body as it comes over the wire: once, forwards only, in pieces, of unknown length.</summary>
internal sealed class ChunkedContent(byte[] body, int chunkSize) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        stream.WriteAsync(body).AsTask();

    protected override Task<Stream> CreateContentReadStreamAsync() =>
        Task.FromResult<Stream>(new ChunkedStream(body, chunkSize));

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) =>
        new ChunkedStream(body, chunkSize);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private sealed class ChunkedStream(byte[] body, int chunkSize) : OneWayStream
    {
        private int _position;

        public override int Read(Span<byte> buffer)
        {
            var count = Math.Min(Math.Min(buffer.Length, chunkSize), body.Length - _position);
            body.AsSpan(_position, count).CopyTo(buffer);
            _position += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            new(Read(buffer.Span));
    }
}
