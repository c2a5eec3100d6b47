namespace RetryHandler.Classification;

/// <summary>The beginning of a body, and the read that may still be under way for it.</summary>
internal sealed class BodyPeek(Stream rest, int maxBytes)
{
    private readonly byte[] _buffer = new byte[maxBytes];
    private int _count;

    /// <summary>Gets what comes after <see cref="Bytes"/> and <see cref="Pending"/>.</summary>
    public Stream Rest { get; } = rest;

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _count);

    /// <summary>
    /// Gets the read that did not end in time, or that failed; it reads into the buffer behind <see cref="Bytes"/>.
    /// </summary>
    public Task<int>? Pending { get; private set; }

    public ReadOnlyMemory<byte> PendingBytes(int count) => _buffer.AsMemory(_count, count);

    public async ValueTask FillAsync(TimeSpan timeout, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var start = timeProvider.GetTimestamp();
        while (_count < _buffer.Length)
        {
            // Never cancelled: cancelling the read of a body breaks its connection, and the rest would be lost.
            var read = Rest.ReadAsync(_buffer.AsMemory(_count), CancellationToken.None).AsTask();
            if (!read.IsCompleted)
            {
                var left = timeout - timeProvider.GetElapsedTime(start);
                await WaitAsync(read, left, timeProvider, cancellationToken).ConfigureAwait(false);
            }

            if (!read.IsCompletedSuccessfully)
            {
                Pending = read;
                return;
            }

            var bytes = await read.ConfigureAwait(false);
            if (bytes == 0)
            {
                return;
            }

            _count += bytes;
        }
    }

    private static async ValueTask WaitAsync(
        Task read, TimeSpan timeout, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        // Whoever loses the race may fail later with nobody waiting for it any more.
        _ = read.ContinueWith(
            static task => _ = task.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        if (timeout <= TimeSpan.Zero)
        {
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(read, Task.Delay(timeout, timeProvider, stop.Token)).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
