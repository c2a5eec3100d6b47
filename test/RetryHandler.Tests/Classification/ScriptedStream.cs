using System.Threading.Channels;

namespace RetryHandler.Tests.Classification;

/// <summary>A stream that gives what the test sends, piece by piece; an empty piece is the end.</summary>
internal sealed class ScriptedStream : Stream
{
    private readonly Channel<ReadOnlyMemory<byte>> _pieces = Channel.CreateUnbounded<ReadOnlyMemory<byte>>();
    private ReadOnlyMemory<byte> _piece;
    private bool _isAtEnd;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public bool IsReading { get; private set; }

    /// <summary>Gets the token of the last read.</summary>
    public CancellationToken ReadToken { get; private set; }

    public void Send(byte[] piece) => _pieces.Writer.TryWrite(piece);

    public void Break(Exception exception) => _pieces.Writer.Complete(exception);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ReadToken = cancellationToken;
        IsReading = true;
        try
        {
            if (_piece.IsEmpty && !_isAtEnd)
            {
                _piece = await ReceiveAsync(cancellationToken);
                _isAtEnd = _piece.IsEmpty;
            }
        }
        finally
        {
            IsReading = false;
        }

        var count = Math.Min(buffer.Length, _piece.Length);
        _piece[..count].CopyTo(buffer);
        _piece = _piece[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _pieces.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException e) when (e.InnerException is { } inner)
        {
            throw inner;
        }
    }
}
