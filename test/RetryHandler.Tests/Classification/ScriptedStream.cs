using System.Threading.Channels;

namespace RetryHandler.Tests.Classification;

/// <summary>A stream that gives what the test sends, piece by piece; an empty piece is the end.</summary>
internal sealed class ScriptedStream : OneWayStream
{
    private readonly Channel<ReadOnlyMemory<byte>> _pieces = Channel.CreateUnbounded<ReadOnlyMemory<byte>>();
    private ReadOnlyMemory<byte> _piece;
    private bool _isAtEnd;

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
