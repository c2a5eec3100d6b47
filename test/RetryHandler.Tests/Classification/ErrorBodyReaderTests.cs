using System.Net;
using System.Text;
using RetryHandler.Classification;

namespace RetryHandler.Tests.Classification;

/// <summary>The beginning of a body is read; the caller still gets all of it.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class ErrorBodyReaderTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _time = new();

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(3)]
    [TestCase(6)]
    [TestCase(100)]
    public async Task PeekAsync_Body_IsSeenUpToTheLimitAndStaysComplete(int maxBytes)
    {
        using var response = Respond(new ScriptedBody("ab", "cd", "ef"));

        var seen = await PeekAsync(response, maxBytes);

        Assert.That(Encoding.UTF8.GetString(seen.Span), Is.EqualTo("abcdef"[..Math.Min(maxBytes, 6)]));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("abcdef"));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("abcdef"), "Buffered like any other");
    }

    [Test]
    public async Task PeekAsync_Body_StillStreams()
    {
        var body = ScriptedBody.Unfinished("abcd");
        using var response = Respond(body);
        await PeekAsync(response, 2);
        using var stream = await response.Content.ReadAsStreamAsync();

        Assert.That(await ReadAsync(stream), Is.EqualTo("ab"));
        Assert.That(await ReadAsync(stream), Is.EqualTo("cd"));
        var next = ReadAsync(stream);
        Assert.That(next.IsCompleted, Is.False);
        body.Stream.Send("ef"u8.ToArray());
        Assert.That(await next, Is.EqualTo("ef"));
    }

    [Test]
    public async Task PeekAsync_StalledBody_EndsInTimeAndLosesNothing()
    {
        var body = ScriptedBody.Unfinished("ab");
        using var response = Respond(body);
        var peek = PeekAsync(response, 100).AsTask();

        Assert.That(peek.IsCompleted, Is.False);
        _time.Advance(Limit);
        var seen = await peek;
        var all = response.Content.ReadAsStringAsync();
        body.Stream.Send("cd"u8.ToArray());
        body.Stream.Send([]);

        Assert.That(Encoding.UTF8.GetString(seen.Span), Is.EqualTo("ab"));
        Assert.That(await all, Is.EqualTo("abcd"));
        Assert.That(() => _time.ActiveTimers, Is.Zero.After(5000, 1));
        Assert.That(body.Stream.ReadToken.IsCancellationRequested, Is.False);
    }

    /// <summary>The limit is for the whole, not for each piece: a trickle would never end.</summary>
    [Test]
    public async Task PeekAsync_TricklingBody_EndsInTime()
    {
        var body = ScriptedBody.Unfinished();
        using var response = Respond(body);
        var peek = PeekAsync(response, 100).AsTask();
        for (var i = 0; i < 10; i++)
        {
            body.Stream.Send("x"u8.ToArray());
            _time.Advance(Limit / 10);
        }

        Assert.That((await peek).Length, Is.LessThanOrEqualTo(10));
        body.Stream.Send([]);
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(new string('x', 10)));
    }

    [Test]
    public async Task PeekAsync_BrokenBody_IsBrokenForTheCallerWhereItBroke()
    {
        var body = ScriptedBody.Unfinished("ab");
        var reset = new IOException("connection reset");
        body.Stream.Break(reset);
        using var response = Respond(body);

        var seen = await PeekAsync(response, 100);
        using var stream = await response.Content.ReadAsStreamAsync();

        Assert.That(Encoding.UTF8.GetString(seen.Span), Is.EqualTo("ab"));
        Assert.That(await ReadAsync(stream), Is.EqualTo("ab"));
        Assert.That(() => ReadAsync(stream), Throws.Exception.SameAs(reset));
        Assert.That(() => ReadAsync(stream), Throws.Exception.SameAs(reset));
        Assert.That(() => stream.Read(new byte[1]), Throws.Exception.SameAs(reset));
    }

    [Test]
    public async Task PeekAsync_CallerCancels_ThrowsWithTheCallersTokenAndEndsTheRead()
    {
        var body = ScriptedBody.Unfinished("ab");
        using var response = Respond(body);
        using var caller = new CancellationTokenSource();
        var peek = PeekAsync(response, 100, caller.Token).AsTask();

        await caller.CancelAsync();

        var exception = Assert.CatchAsync<OperationCanceledException>(() => peek);
        Assert.That(exception!.CancellationToken, Is.EqualTo(caller.Token));
        Assert.That(body.Stream.ReadToken.IsCancellationRequested, Is.True);
        Assert.That(body.IsDisposedDuringRead, Is.False);
        Assert.That(() => _time.ActiveTimers, Is.Zero.After(5000, 1));
    }

    [Test]
    public async Task Dispose_DuringAStalledRead_EndsTheReadFirst()
    {
        var body = ScriptedBody.Unfinished();
        var response = Respond(body);
        var peek = PeekAsync(response, 100).AsTask();
        _time.Advance(Limit);
        await peek;

        response.Dispose();

        Assert.That(() => body.IsDisposed, Is.True.After(5000, 1));
        Assert.That(body.Stream.ReadToken.IsCancellationRequested, Is.True);
        Assert.That(body.IsDisposedDuringRead, Is.False);
    }

    [Test]
    public async Task Read_Synchronous_GivesAllBytes()
    {
        var body = ScriptedBody.Unfinished("ab");
        using var response = Respond(body);
        var peek = PeekAsync(response, 100).AsTask();
        _time.Advance(Limit);
        await peek;
        body.Stream.Send("cd"u8.ToArray());
        body.Stream.Send([]);

        using var reader = new StreamReader(response.Content.ReadAsStream());

        Assert.That(reader.ReadToEnd(), Is.EqualTo("abcd"));
    }

    [Test]
    public async Task ReadAsync_CanceledWhileStalled_CanBeRepeated()
    {
        var body = ScriptedBody.Unfinished();
        using var response = Respond(body);
        var peek = PeekAsync(response, 100).AsTask();
        _time.Advance(Limit);
        await peek;
        using var stream = await response.Content.ReadAsStreamAsync();
        using var caller = new CancellationTokenSource();
        var read = stream.ReadAsync(new byte[1], caller.Token).AsTask();

        await caller.CancelAsync();
        Assert.That(() => read, Throws.InstanceOf<OperationCanceledException>());
        body.Stream.Send("ab"u8.ToArray());

        Assert.That(await ReadAsync(stream), Is.EqualTo("ab"));
    }

    /// <summary>A body in memory can be read again, so it stays the object that it was.</summary>
    [TestCase(0)]
    [TestCase(2)]
    public async Task PeekAsync_BodyInMemory_StaysAsItWas(int position)
    {
        var content = new ByteArrayContent("abcd"u8.ToArray());
        using var response = Respond(content);
        var stream = await content.ReadAsStreamAsync();
        stream.Position = position;

        var seen = await PeekAsync(response, 100);

        Assert.That(Encoding.UTF8.GetString(seen.Span), Is.EqualTo("abcd"[position..]));
        Assert.That(response.Content, Is.SameAs(content));
        Assert.That(stream.Position, Is.EqualTo(position));
        Assert.That(await content.ReadAsStringAsync(), Is.EqualTo("abcd"));
    }

    [Test]
    public async Task PeekAsync_Headers_StayTheSame()
    {
        using var response = Respond(new ScriptedBody("abcd"));
        response.Content.Headers.TryAddWithoutValidation("Content-Type", "not a valid type");
        response.Content.Headers.TryAddWithoutValidation("Allow", ["GET", "PUT"]);
        response.Content.Headers.TryAddWithoutValidation("X-Own", "");
        var before = Describe(response.Content);

        await PeekAsync(response, 2);

        Assert.That(Describe(response.Content), Is.EqualTo(before));
        Assert.That(before, Does.Not.Contain("Content-Length"));
        Assert.That(response.Content.Headers.ContentLength, Is.Null);
    }

    [TestCase("4")]
    [TestCase("2")]
    [TestCase("9999999999")]
    [TestCase("-1")]
    [TestCase("what?")]
    public async Task PeekAsync_DeclaredLength_IsKept(string length)
    {
        using var response = Respond(new ScriptedBody("abcd"));
        response.Content.Headers.TryAddWithoutValidation("Content-Length", length);

        await PeekAsync(response, 100);

        Assert.That(Describe(response.Content), Is.EqualTo($"Content-Length: {length}"));
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.That(await reader.ReadToEndAsync(), Is.EqualTo("abcd"));
    }

    [TestCase("Content-Length", "0", false)]
    [TestCase("Content-Encoding", "gzip", false)]
    [TestCase("Content-Encoding", "identity", true)]
    [TestCase("Content-Language", "en", true)]
    public async Task PeekAsync_EmptyOrEncodedBody_IsNotOpened(string header, string value, bool opened)
    {
        var body = new ScriptedBody("abcd");
        using var response = Respond(body);
        body.Headers.TryAddWithoutValidation(header, value);

        await PeekAsync(response, 100);

        Assert.That(body.IsOpened, Is.EqualTo(opened));
    }

    [Test]
    public async Task PeekAsync_AnswerToHead_IsNotOpened()
    {
        var body = new ScriptedBody("abcd");
        using var response = Respond(body);
        response.RequestMessage = new HttpRequestMessage(HttpMethod.Head, "http://upstream.test/");

        Assert.That((await PeekAsync(response, 100)).IsEmpty);
        Assert.That(body.IsOpened, Is.False);
    }

    [Test]
    public async Task PeekAsync_NoContent_IsEmpty()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);

        Assert.That((await PeekAsync(response, 100)).IsEmpty);
    }

    [Test]
    public async Task PeekAsync_DisposedContent_IsEmpty()
    {
        using var response = Respond(new ByteArrayContent("abcd"u8.ToArray()));
        response.Content.Dispose();

        Assert.That((await PeekAsync(response, 100)).IsEmpty);
    }

    [Test]
    public async Task PeekAsync_BodyRead_CannotBeReadTwiceUnbuffered()
    {
        using var response = Respond(new ScriptedBody("abcd"));
        await PeekAsync(response, 2);
        await response.Content.CopyToAsync(Stream.Null);

        Assert.That(() => response.Content.CopyToAsync(Stream.Null), Throws.InvalidOperationException);
    }

    private static HttpResponseMessage Respond(HttpContent content) =>
        new(HttpStatusCode.TooManyRequests) { Content = content };

    private static string Describe(HttpContent content) => string.Join(
        "\n", content.Headers.NonValidated.Select(static header => $"{header.Key}: {string.Join("|", header.Value)}"));

    private static async Task<string> ReadAsync(Stream stream)
    {
        var buffer = new byte[100];
        return Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer));
    }

    private ValueTask<ReadOnlyMemory<byte>> PeekAsync(
        HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken = default) =>
        ErrorBodyReader.PeekAsync(response, maxBytes, Limit, _time, cancellationToken);
}
