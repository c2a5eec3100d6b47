using System.Buffers;

namespace RetryHandler.Classification;

/// <summary>The beginning of a body, and the read that may still be under way for it.</summary>
/// <remarks>
/// A read that takes too long is left to itself, because cancelling it would break the connection, and the rest of the
/// body would be lost. Whoever reads the body later awaits it first; whoever disposes of the body ends it.
/// </remarks>
internal sealed class BodyPeek(HttpContent content, Stream rest) : IDisposable
{
    private readonly CancellationTokenSource _abandoned = new();
    private byte[] _buffer = [];
    private int _count;
    private int _isDisposed;

    /// <summary>Gets what comes after <see cref="Bytes"/> and <see cref="Pending"/>.</summary>
    public Stream Rest => rest;

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _count);

    /// <summary>
    /// Gets the read that did not end in time, or that failed; it reads into the buffer behind <see cref="Bytes"/>.
    /// </summary>
    public Task<int>? Pending { get; private set; }

    public bool IsDisposed => _isDisposed != 0;

    public ReadOnlyMemory<byte> PendingBytes(int count) => _buffer.AsMemory(_count, count);

    /// <summary>Reads until the limits are reached, or the body ends or fails.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async ValueTask FillAsync(PeekLimits limits, CancellationToken cancellationToken)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(limits.MaxBytes);
        while (_count < limits.MaxBytes)
        {
            var read = BeginRead(limits.MaxBytes - _count);
            if (!read.IsCompletedSuccessfully)
            {
                await limits.WaitAsync(read, cancellationToken).ConfigureAwait(false);
            }

            if (!read.IsCompletedSuccessfully)
            {
                // The buffer is not given back: the read may write into it at any time.
                Pending = read;
                cancellationToken.ThrowIfCancellationRequested();
                return;
            }

            var bytes = await read.ConfigureAwait(false);
            if (bytes == 0)
            {
                break;
            }

            _count += bytes;
        }

        var rented = _buffer;
        _buffer = rented[.._count];
        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>Disposes of the body; a read under way is ended first, as nobody waits for it any more.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        if (Pending is not { IsCompleted: false } pending)
        {
            _abandoned.Dispose();
            content.Dispose();
            return;
        }

        // Not both at once: disposing drains what is left of a response, and two readers on one connection would leave
        // it in the middle of a body, where the next response is read from.
        _abandoned.Cancel();
        _ = pending.ContinueWith(
            static (_, state) => ((HttpContent)state!).Dispose(),
            content,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private Task<int> BeginRead(int bytes)
    {
        try
        {
            return rest.ReadAsync(_buffer.AsMemory(_count, bytes), _abandoned.Token).AsTask();
        }
        catch (Exception e)
        {
            return Task.FromException<int>(e);
        }
    }
}
