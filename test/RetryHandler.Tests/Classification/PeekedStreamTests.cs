using System.Net;
using RetryHandler.Classification;

namespace RetryHandler.Tests.Classification;

/// <summary>A body of which the beginning was read is a stream like that of any response.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class PeekedStreamTests
{
    [Test]
    public async Task Stream_PeekedBody_CanBeReadAndNothingElse()
    {
        using var response = await PeekedAsync(new ScriptedBody("abcd"));
        using var stream = await response.Content.ReadAsStreamAsync();

        Assert.Multiple(() =>
        {
            Assert.That(stream.CanRead, Is.True);
            Assert.That(stream.CanSeek, Is.False);
            Assert.That(stream.CanWrite, Is.False);
            Assert.That(stream.Flush, Throws.Nothing);
            Assert.That(() => stream.Length, Throws.TypeOf<NotSupportedException>());
            Assert.That(() => stream.Position, Throws.TypeOf<NotSupportedException>());
            Assert.That(() => stream.Position = 0, Throws.TypeOf<NotSupportedException>());
            Assert.That(() => stream.Seek(0, SeekOrigin.Begin), Throws.TypeOf<NotSupportedException>());
            Assert.That(() => stream.SetLength(0), Throws.TypeOf<NotSupportedException>());
            Assert.That(() => stream.Write([1], 0, 1), Throws.TypeOf<NotSupportedException>());
        });
    }

    [Test]
    public async Task Dispose_Stream_DisposesOfTheBodyAndEndsReading()
    {
        var body = new ScriptedBody("abcd");
        using var response = await PeekedAsync(body);
        var stream = await response.Content.ReadAsStreamAsync();

        await stream.DisposeAsync();

        Assert.That(body.IsDisposed, Is.True);
        Assert.That(stream.CanRead, Is.False);
        Assert.That(() => stream.Read(new byte[1]), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(async () => await stream.ReadAsync(new byte[1]), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task Dispose_ResponseNobodyRead_DisposesOfTheBody()
    {
        var body = new ScriptedBody("abcd");
        var response = await PeekedAsync(body);

        response.Dispose();

        Assert.That(body.IsDisposed, Is.True);
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(100)]
    public async Task Read_PartsOfABuffer_FillsThemInOrder(int size)
    {
        using var response = await PeekedAsync(new ScriptedBody("ab", "cd", "ef"));
        using var stream = await response.Content.ReadAsStreamAsync();
        var isSynchronous = false;
        var all = new List<byte>();
        for (; ; isSynchronous = !isSynchronous)
        {
            var buffer = new byte[size + 2];
            var count = isSynchronous
                ? stream.Read(buffer, 1, size)
                : await stream.ReadAsync(buffer.AsMemory(1, size));
            if (count == 0)
            {
                break;
            }

            Assert.That(buffer[0], Is.Zero);
            Assert.That(buffer[(count + 1)..], Has.All.Zero);
            all.AddRange(buffer[1..(count + 1)]);
        }

        Assert.That(all, Is.EqualTo("abcdef"u8.ToArray()));
    }

    [Test]
    public async Task CopyTo_Synchronous_WritesAllBytes()
    {
        using var response = await PeekedAsync(new ScriptedBody("ab", "cd"));
        using var copy = new MemoryStream();

        response.Content.CopyTo(copy, null, CancellationToken.None);

        Assert.That(copy.ToArray(), Is.EqualTo("abcd"u8.ToArray()));
    }

    [Test]
    public async Task CopyToAsync_Cancelled_Throws()
    {
        using var response = await PeekedAsync(ScriptedBody.Unfinished("abc"));

        Assert.CatchAsync<OperationCanceledException>(
            () => response.Content.CopyToAsync(Stream.Null, new CancellationToken(canceled: true)));
    }

    private static async Task<HttpResponseMessage> PeekedAsync(HttpContent content)
    {
        var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Content = content };
        await ErrorBodyReader.PeekAsync(
            response, maxBytes: 3, TimeSpan.FromSeconds(1), new ManualTimeProvider(), CancellationToken.None);
        return response;
    }
}
