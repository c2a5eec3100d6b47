using System.Net;

namespace RetryHandler.Classification;

/// <summary>The complete body of a response of which the beginning was read.</summary>
internal sealed class PeekedContent : HttpContent
{
    private readonly HttpContent _original;
    private readonly PeekedStream _stream;

    public PeekedContent(HttpContent original, BodyPeek peek)
    {
        _original = original;
        _stream = new PeekedStream(peek);
        foreach (var header in original.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(header.Key, header.Value);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        _stream.CopyToAsync(stream);

    protected override Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _stream.CopyToAsync(stream, cancellationToken);

    protected override void SerializeToStream(
        Stream stream, TransportContext? context, CancellationToken cancellationToken) => _stream.CopyTo(stream);

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(_stream);

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => _stream;

    protected override bool TryComputeLength(out long length)
    {
        length = _original.Headers.ContentLength ?? 0;
        return _original.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stream.Dispose();
            _original.Dispose();
        }

        base.Dispose(disposing);
    }
}
