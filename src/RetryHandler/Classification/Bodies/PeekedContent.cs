using System.Net;

namespace RetryHandler.Classification;

/// <summary>The complete body of a response of which the beginning was read.</summary>
/// <remarks>Same bytes, same headers, still streaming; like every body of a response it can be read once.</remarks>
internal sealed class PeekedContent : HttpContent
{
    private readonly HttpContent _original;
    private readonly BodyPeek _peek;
    private int _isConsumed;

    public PeekedContent(HttpContent original, BodyPeek peek)
    {
        _original = original;
        _peek = peek;
        foreach (var (name, values) in original.Headers.NonValidated)
        {
            if (values.Count == 1)
            {
                Headers.TryAddWithoutValidation(name, values.ToString());
            }
            else
            {
                Headers.TryAddWithoutValidation(name, values);
            }
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        Consume().CopyToAsync(stream);

    protected override Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        Consume().CopyToAsync(stream, cancellationToken);

    protected override void SerializeToStream(
        Stream stream, TransportContext? context, CancellationToken cancellationToken) => Consume().CopyTo(stream);

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(Consume());

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => Consume();

    protected override bool TryComputeLength(out long length)
    {
        var known = _original.Headers.ContentLength;
        length = known.GetValueOrDefault();
        return known is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _peek.Dispose();
        }

        base.Dispose(disposing);
    }

    private PeekedStream Consume() => Interlocked.Exchange(ref _isConsumed, 1) == 0
        ? new PeekedStream(_peek)
        : throw new InvalidOperationException("The body of this response has been read already.");
}
