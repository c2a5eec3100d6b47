using System.Net;

namespace RetryHandler.Benchmarks.Classification;

/// <summary>
/// A body that its readers read once, forwards. The benchmark begins it anew, so that only what the library allocates
/// is measured.
/// </summary>
internal sealed class OnceOnlyContent(byte[] body) : HttpContent
{
    private readonly ForwardStream _stream = new(body);

    public void Rewind() => _stream.Rewind();

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(_stream);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        _stream.CopyToAsync(stream);

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }

    private sealed class ForwardStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public void Rewind() => base.Position = 0;
    }
}
