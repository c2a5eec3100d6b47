using System.Net.Sockets;

namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>
/// As much of an HTTP/2 server, over plain TCP with prior knowledge, as it takes to refuse and to break; one answer per
/// request, whatever connection it comes over; the last repeats.
/// </summary>
internal sealed class Http2Upstream : SocketUpstream
{
    private const int PrefaceLength = 24;
    private const int RefusedStream = 7;
    private const int InternalError = 2;

    private readonly Http2Answer[] _answers;
    private int _requests;
    private int _executions;

    public Http2Upstream(params Http2Answer[] answers)
    {
        _answers = answers;
        Start();
    }

    /// <summary>Gets how many requests arrived.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Gets how many requests the upstream acted on.</summary>
    public int Executions => Volatile.Read(ref _executions);

    protected override async Task ServeAsync(Socket socket, int number, CancellationToken stop)
    {
        await using var stream = new NetworkStream(socket);
        await stream.ReadExactlyAsync(new byte[PrefaceLength], stop);
        await stream.WriteAsync(Http2Frame.EmptySettings().ToBytes(), stop);
        while (await HandleAsync(stream, await ReadAsync(stream, stop), stop))
        {
        }
    }

    /// <returns>Whether the connection goes on.</returns>
    private async Task<bool> HandleAsync(NetworkStream stream, Http2Frame frame, CancellationToken stop)
    {
        if (frame.Type is Http2Frame.Settings or Http2Frame.Ping && !frame.IsAck)
        {
            await stream.WriteAsync(Http2Frame.Ack(frame).ToBytes(), stop);
        }

        if (!frame.EndsStream)
        {
            return true;
        }

        var answer = _answers[Math.Min(Interlocked.Increment(ref _requests), _answers.Length) - 1];
        if (answer is not (Http2Answer.RefuseStream or Http2Answer.GoAwayUnprocessed))
        {
            Interlocked.Increment(ref _executions);
        }

        if (FrameFor(answer, frame.Stream) is { } reply)
        {
            await stream.WriteAsync(reply.ToBytes(), stop);
        }

        return answer
            is Http2Answer.Ok or Http2Answer.Unavailable or Http2Answer.RefuseStream or Http2Answer.ResetStream;
    }

    private static Http2Frame? FrameFor(Http2Answer answer, int stream) => answer switch
    {
        Http2Answer.Ok => Http2Frame.Response(stream, 200),
        Http2Answer.Unavailable => Http2Frame.Response(stream, 503),
        Http2Answer.RefuseStream => Http2Frame.Reset(stream, RefusedStream),
        Http2Answer.ResetStream => Http2Frame.Reset(stream, InternalError),
        Http2Answer.GoAwayUnprocessed => Http2Frame.Leave(Math.Max(0, stream - 2), error: 0),
        Http2Answer.GoAwayProcessed => Http2Frame.Leave(stream, InternalError),
        _ => null,
    };

    private static async Task<Http2Frame> ReadAsync(NetworkStream stream, CancellationToken stop)
    {
        var header = new byte[Http2Frame.HeaderLength];
        await stream.ReadExactlyAsync(header, stop);
        var (length, frame) = Http2Frame.ParseHeader(header);
        var payload = new byte[length];
        await stream.ReadExactlyAsync(payload, stop);
        return frame with { Payload = payload };
    }
}
