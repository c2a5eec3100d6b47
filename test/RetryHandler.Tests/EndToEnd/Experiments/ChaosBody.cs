using System.Net;

namespace RetryHandler.Tests.EndToEnd.Experiments;

/// <summary>The body of an error response that comes, stalls or breaks.</summary>
internal sealed class ChaosBody(ChaosStep step, ChaosCall call) : HttpContent
{
    /// <summary>Marks the exceptions of the experiment wherever they turn up.</summary>
    public const string Mark = "made by chaos";

    public static IOException Failure() => new(Mark);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        new ChaosStream(step, call).CopyToAsync(stream);

    protected override Task<Stream> CreateContentReadStreamAsync() =>
        Task.FromResult<Stream>(new ChaosStream(step, call));

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) =>
        new ChaosStream(step, call);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private sealed class ChaosStream(ChaosStep step, ChaosCall call) : MemoryStream("begin"u8.ToArray())
    {
        private readonly TaskCompletionSource<int> _stall = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override bool CanSeek => false;

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            call.PassPoint();
            var count = Read(buffer.Span);
            if (count > 0)
            {
                return count;
            }

            switch (step)
            {
                case ChaosStep.BodyStalls:
                    return await _stall.Task.WaitAsync(cancellationToken);
                case ChaosStep.BodyBreaks:
                    throw Failure();
                case ChaosStep.BodyBreaksLater:
                    await Task.Delay(call.Next(4), cancellationToken);
                    throw Failure();
                default:
                    return 0;
            }
        }

        protected override void Dispose(bool disposing)
        {
            // As sockets do: whoever still reads gets an exception.
            _stall.TrySetException(Failure());
            _ = _stall.Task.Exception;
            base.Dispose(disposing);
        }
    }
}
