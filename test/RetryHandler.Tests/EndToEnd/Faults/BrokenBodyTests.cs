using System.Net;
using System.Text;

namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>The head of the response came, the body did not.</summary>
[TestFixture(false)]
[TestFixture(true)]
[CancelAfter(60_000)]
internal sealed class BrokenBodyTests(bool synchronous)
{
    private const string Begin = "{\"message\":\"it";

    public static IEnumerable<TestCaseData> Breaks()
    {
        yield return Break("closed", RawStep.Close);
        yield return Break("reset", RawStep.Reset);

        static TestCaseData Break(string name, Func<string, RawStep> step) =>
            new TestCaseData(step).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Breaks))]
    public async Task SendAsync_ErrorBodyBreaks_IsJudgedByWhatCame(Func<string, RawStep> breaks)
    {
        // The code is in the part that came: only so is a 400 a throttle, and only so is the POST repeated.
        var begin = Head(400) + "{\"__type\":\"ThrottlingException\",";
        await using var upstream = new RawUpstream(breaks(begin), RawStep.Ok);
        await using var client = new FaultClient(synchronous, upstream.Address);
        using var request = FaultClient.Post();

        using var response = await client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(upstream.Executed, Has.Count.EqualTo(2));
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream);
    }

    [TestCaseSource(nameof(Breaks))]
    public async Task SendAsync_LastErrorBodyBreaks_CallerSeesWhatCameAndTheBreak(Func<string, RawStep> breaks)
    {
        await using var upstream = new RawUpstream(breaks(Head(500) + Begin), RawStep.Ok);
        await using var client = new FaultClient(synchronous, upstream.Address);
        using var request = FaultClient.Post();

        using var response = await client.SendAsync(request);

        var (text, failure) = await ReadUntilItBreaksAsync(response);
        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
            Assert.That(response.GetAdaptiveRetryInfo().StopReason, Is.EqualTo(RetryStopReason.UnsafeToRepeat));
            Assert.That(text, Is.EqualTo(Begin));
            Assert.That(failure, Is.InstanceOf<IOException>());
            Assert.That(upstream.Executed, Has.Count.EqualTo(1));
        });
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream);
    }

    [TestCaseSource(nameof(Breaks))]
    public async Task SendAsync_SuccessBodyBreaks_CallerSeesItAndNothingIsRepeated(Func<string, RawStep> breaks)
    {
        await using var upstream = new RawUpstream(breaks(Head(200) + Begin), RawStep.Ok);
        await using var client = new FaultClient(synchronous, upstream.Address);
        using var request = FaultClient.Put();

        using var response = await client.SendAsync(request);

        var (text, failure) = await ReadUntilItBreaksAsync(response);
        Assert.Multiple(() =>
        {
            Assert.That(text, Is.EqualTo(Begin));
            Assert.That(failure, Is.InstanceOf<IOException>());
            Assert.That(upstream.Executed, Has.Count.EqualTo(1));
            Assert.That(response.GetAdaptiveRetryInfo().Attempts, Is.EqualTo(1));
        });
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream);
    }

    [Test]
    public async Task SendAsync_ErrorBodyIsNotWhatItsEncodingSays_IsJudgedByTheStatus()
    {
        await using var upstream = new RawUpstream(
            RawStep.Respond(503, "this is not gzip", "Content-Encoding: gzip", "Retry-After: 0"), RawStep.Ok);
        await using var client = new FaultClient(
            synchronous,
            upstream.Address,
            configureTransport: t => t.AutomaticDecompression = DecompressionMethods.All);
        using var request = FaultClient.Post();

        using var response = await client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(upstream.Executed, Has.Count.EqualTo(2));
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream);
    }

    private static string Head(int status) =>
        RawStep.Head(status, "Content-Type: application/json", "Content-Length: 99");

    private async Task<(string Text, Exception? Failure)> ReadUntilItBreaksAsync(HttpResponseMessage response)
    {
        var buffer = new byte[1024];
        var text = new StringBuilder();
        var stream = await response.Content.ReadAsStreamAsync();
        try
        {
            while (true)
            {
                // The synchronous door reads synchronously too: it is another method of the stream.
                var count = synchronous ? ReadBlocking(stream, buffer) : await stream.ReadAsync(buffer);
                if (count == 0)
                {
                    return (text.ToString(), null);
                }

                text.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }
        }
        catch (IOException e)
        {
            return (text.ToString(), e);
        }
    }

    private static int ReadBlocking(Stream stream, byte[] buffer) => stream.Read(buffer, 0, buffer.Length);
}
