using System.Net;
using System.Text;

namespace RetryHandler.Tests.Classification;

/// <summary>A body of which the test decides when the next piece comes, and whether the connection breaks.</summary>
internal sealed class ScriptedBody : HttpContent
{
    private readonly ScriptedStream _stream;

    /// <param name="pieces">What comes at once; then the body ends.</param>
    public ScriptedBody(params string[] pieces)
        : this(isComplete: true, pieces)
    {
    }

    private ScriptedBody(bool isComplete, string[] pieces)
    {
        _stream = new ScriptedStream();
        foreach (var piece in pieces)
        {
            _stream.Send(Encoding.UTF8.GetBytes(piece));
        }

        if (isComplete)
        {
            _stream.Send([]);
        }
    }

    public bool IsOpened { get; private set; }

    /// <summary>Gets whether the body was disposed of.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>Gets whether it was disposed of during a read, which breaks real connections.</summary>
    public bool IsDisposedDuringRead { get; private set; }

    public ScriptedStream Stream => _stream;

    /// <summary>Makes a body of which more is to come.</summary>
    public static ScriptedBody Unfinished(params string[] pieces) => new(isComplete: false, pieces);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        Open().CopyToAsync(stream);

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(Open());

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => Open();

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        IsDisposedDuringRead |= _stream.IsReading;
        base.Dispose(disposing);
    }

    private ScriptedStream Open()
    {
        IsOpened = true;
        return _stream;
    }
}
