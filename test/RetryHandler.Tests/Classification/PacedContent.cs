using System.Net;

namespace RetryHandler.Tests.Classification;

/// <summary>A body that comes in the pieces and at the times of an answer; once, forwards only.</summary>
internal sealed class PacedContent(Answer answer, TimeProvider time) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        new PacedStream(answer, time).CopyToAsync(stream);

    protected override Task<Stream> CreateContentReadStreamAsync() =>
        Task.FromResult<Stream>(new PacedStream(answer, time));

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private sealed class PacedStream(Answer answer, TimeProvider time) : OneWayStream
    {
        private int _position;
        private int _piece;
        private int _leftOfPiece;

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (_leftOfPiece == 0 && _piece < answer.Pieces.Length)
            {
                var (size, delay) = answer.Pieces[_piece++];
                if (delay > 0)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(delay), time, cancellationToken).ConfigureAwait(false);
                }

                _leftOfPiece = size;
            }

            if (_leftOfPiece == 0)
            {
                return await EndAsync(cancellationToken).ConfigureAwait(false);
            }

            var count = Math.Min(buffer.Length, _leftOfPiece);
            answer.Body.AsMemory(_position, count).CopyTo(buffer);
            _position += count;
            _leftOfPiece -= count;
            return count;
        }

        private async Task<int> EndAsync(CancellationToken cancellationToken)
        {
            switch (answer.End)
            {
                case BodyEnd.Break:
                    throw new IOException("The body broke.");
                case BodyEnd.Stall:
                    await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken).ConfigureAwait(false);
                    break;
            }

            return 0;
        }
    }
}
