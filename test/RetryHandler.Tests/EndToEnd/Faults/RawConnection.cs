using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>One accepted connection: reads requests, writes whatever it is told, ends in the way it is told.</summary>
internal sealed class RawConnection(Socket socket, int number, CancellationToken stop)
{
    private const int KeptBytes = 4096;

    private readonly byte[] _buffer = new byte[16_384];
    private int _start;
    private int _end;

    public int Number { get; } = number;

    /// <summary>Waits for the first bytes of a request.</summary>
    /// <returns><see langword="false"/> when the client ended the connection instead.</returns>
    public async Task<bool> WaitForRequestAsync() => _start < _end || await FillAsync() > 0;

    /// <summary>
    /// Reads one request, and its body if asked to; sends <c>100 Continue</c> first where it is expected.
    /// </summary>
    public async Task<RawRequest> ReadRequestAsync(bool readBody)
    {
        var head = new StringBuilder();
        for (var line = await ReadLineAsync(); line.Length > 0; line = await ReadLineAsync())
        {
            head.Append(line).Append("\r\n");
        }

        var lines = head.ToString().Split("\r\n");
        var request = lines[0].Split(' ');
        if (!readBody)
        {
            return new RawRequest(request[0], request[1], head.ToString(), string.Empty, 0, string.Empty, Number);
        }

        if (Value(lines, "Expect") == "100-continue")
        {
            await WriteAsync("HTTP/1.1 100 Continue\r\n\r\n");
        }

        using var body = new BodyRecord();
        if (Value(lines, "Transfer-Encoding") == "chunked")
        {
            await ReadChunksAsync(body);
        }
        else if (Value(lines, "Content-Length") is { } length)
        {
            await ReadBytesAsync(long.Parse(length, CultureInfo.InvariantCulture), body);
        }

        return new RawRequest(
            request[0], request[1], head.ToString(), body.Text, body.Length, body.Hash(), Number);
    }

    public async Task WriteAsync(string text)
    {
        if (text.Length > 0)
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(text), SocketFlags.None, stop);
        }
    }

    public Task WaitAsync(Task task) => task.WaitAsync(stop);

    /// <summary>Sends FIN, then waits until the client has closed too, so that no RST follows.</summary>
    public Task FinishAsync()
    {
        socket.Shutdown(SocketShutdown.Send);
        return WaitForEndAsync();
    }

    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
    }

    /// <summary>Reads and drops whatever comes until the client ends the connection.</summary>
    public async Task WaitForEndAsync()
    {
        do
        {
            _start = _end = 0;
        }
        while (await FillAsync() > 0);
    }

    private static string? Value(string[] lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith($"{name}: ", StringComparison.OrdinalIgnoreCase))
            ?[(name.Length + 2)..];

    private async Task ReadChunksAsync(BodyRecord body)
    {
        while (int.Parse(await ReadLineAsync(), NumberStyles.HexNumber, null) is var size and > 0)
        {
            await ReadBytesAsync(size, body);
            await ReadLineAsync();
        }

        // The trailers, if any, up to the empty line.
        while ((await ReadLineAsync()).Length > 0)
        {
        }
    }

    private async Task ReadBytesAsync(long count, BodyRecord body)
    {
        while (count > 0)
        {
            if (_start == _end && await FillAsync() == 0)
            {
                throw new EndOfStreamException();
            }

            var part = _buffer.AsSpan(_start, (int)Math.Min(_end - _start, count));
            body.Add(part);
            _start += part.Length;
            count -= part.Length;
        }
    }

    private async Task<string> ReadLineAsync()
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end && await FillAsync() == 0)
            {
                throw new EndOfStreamException();
            }

            var c = (char)_buffer[_start++];
            if (c == '\n')
            {
                return line.ToString();
            }

            if (c != '\r')
            {
                line.Append(c);
            }
        }
    }

    private async Task<int> FillAsync()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }

        var count = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None, stop);
        _end += count;
        return count;
    }

    private sealed class BodyRecord : IDisposable
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly StringBuilder _text = new();

        public long Length { get; private set; }

        public string Text => _text.ToString();

        public void Add(ReadOnlySpan<byte> bytes)
        {
            _hash.AppendData(bytes);
            _text.Append(Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, KeptBytes - _text.Length)]));
            Length += bytes.Length;
        }

        public string Hash() => Convert.ToHexString(_hash.GetHashAndReset());

        public void Dispose() => _hash.Dispose();
    }
}
