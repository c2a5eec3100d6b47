namespace RetryHandler.Classification;

/// <summary>Reads the peeked bytes, then the read that was under way, then the rest of the body.</summary>
internal sealed class PeekedStream(BodyPeek peek) : Stream
{
    private ReadOnlyMemory<byte> _ready = peek.Bytes;
    private Task<int>? _pending = peek.Pending;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_ready.IsEmpty && _pending is not null)
        {
            var count = await _pending.WaitAsync(cancellationToken).ConfigureAwait(false);
            _ready = peek.PendingBytes(count);
            _pending = null;
        }

        return _ready.IsEmpty
            ? await peek.Rest.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)
            : TakeReady(buffer.Span);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer)
    {
        if (_ready.IsEmpty && _pending is not null)
        {
            _ready = peek.PendingBytes(_pending.GetAwaiter().GetResult());
            _pending = null;
        }

        return _ready.IsEmpty ? peek.Rest.Read(buffer) : TakeReady(buffer);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            peek.Rest.Dispose();
        }

        base.Dispose(disposing);
    }

    private int TakeReady(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _ready.Length);
        _ready.Span[..count].CopyTo(buffer);
        _ready = _ready[count..];
        return count;
    }
}
