using RetryHandler.Tests.EndToEnd.Faults;

namespace RetryHandler.Tests.Classification;

/// <summary>The size of an error body costs nothing. What else may go wrong with one is tested end to end.</summary>
[TestFixture]
public sealed class ErrorBodySizeTests
{
    private const long OneGibibyte = 1L << 30;

    private const int PieceSize = 1 << 16;

    // Room for the garbage of the upstream, which runs in this process too.
    private const long MuchMemory = 128L << 20;

    [Test]
    [NonParallelizable]
    [CancelAfter(120_000)]
    public async Task SendAsync_BodyOf1GiB_KeepsMemoryFlat(CancellationToken cancellationToken)
    {
        await using var upstream = new RawUpstream(new RawStep(RawReading.All, SendAsync));
        await using var client = new FaultClient(
            synchronous: false, upstream.Address, static options => options.MaxAttempts = 1);
        using var request = FaultClient.Put();
        var before = GC.GetTotalMemory(forceFullCollection: true);

        using var response = await client.SendAsync(request, cancellationToken);
        var judged = GC.GetTotalMemory(forceFullCollection: true) - before;
        var (length, most) = await ReadToEndAsync(response, cancellationToken);

        await TestContext.Out.WriteLineAsync($"{judged:N0} B when judged, {most - before:N0} B at most while read");
        Assert.That((int)response.StatusCode, Is.EqualTo(429));
        Assert.That(length, Is.EqualTo(OneGibibyte));
        Assert.That(judged, Is.LessThan(MuchMemory));
        Assert.That(most - before, Is.LessThan(MuchMemory));
    }

    private static async Task<bool> SendAsync(RawConnection connection)
    {
        await connection.WriteAsync(RawStep.Head(429, $"Content-Length: {OneGibibyte}"));
        var piece = new string('x', PieceSize);
        for (var sent = 0L; sent < OneGibibyte; sent += PieceSize)
        {
            await connection.WriteAsync(piece);
        }

        return true;
    }

    private static async Task<(long Length, long MostMemory)> ReadToEndAsync(
        HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var (length, most) = (0L, 0L);
        var buffer = new byte[PieceSize];
        using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        while (await stream.ReadAsync(buffer, cancellationToken) is var count and > 0)
        {
            length += count;
            most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false));
        }

        return (length, most);
    }
}
