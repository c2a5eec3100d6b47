namespace RetryHandler.Classification;

/// <summary>Reads the peeked bytes, then the read that was under way, then the rest of the body.</summary>
internal sealed class PeekedStream(BodyPeek peek) : Stream
{
    private ReadOnlyMemory<byte> _ready = peek.Bytes;
    private Task<int>? _pending = peek.Pending;

    public override bool CanRead => !peek.IsDisposed;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(peek.IsDisposed, this);
        return !_ready.IsEmpty ? new(TakeReady(buffer.Span))
            : _pending is null ? peek.Rest.ReadAsync(buffer, cancellationToken)
            : ReadPendingAsync(_pending, buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(peek.IsDisposed, this);
        if (_ready.IsEmpty && _pending is not null)
        {
            TakePending(_pending.GetAwaiter().GetResult());
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
            peek.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadPendingAsync(
        Task<int> pending, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // A failed read fails here again and again: the caller sees what broke the body, where it broke.
        TakePending(await pending.WaitAsync(cancellationToken).ConfigureAwait(false));
        return _ready.IsEmpty
            ? await peek.Rest.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)
            : TakeReady(buffer.Span);
    }

    private void TakePending(int count)
    {
        _ready = peek.PendingBytes(count);
        _pending = null;
    }

    private int TakeReady(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _ready.Length);
        _ready.Span[..count].CopyTo(buffer);
        _ready = _ready[count..];
        return count;
    }
}
