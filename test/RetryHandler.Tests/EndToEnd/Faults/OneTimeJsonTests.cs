using System.Net.Http.Json;
using System.Threading.Channels;

namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>JSON is made from its value at each attempt, and not every value is still there at the second.</summary>
/// <remarks>By the asynchronous door only: the other cannot send asynchronous sequences.</remarks>
[TestFixture]
[CancelAfter(60_000)]
internal sealed class OneTimeJsonTests
{
    [Test]
    public async Task SendAsync_JsonOfASequenceThatCanBeReadOnce_NeverSendsOtherDataThanTheFirstTime()
    {
        var channel = Channel.CreateUnbounded<int>();
        channel.Writer.TryWrite(1);
        channel.Writer.TryWrite(2);
        channel.Writer.Complete();
        await using var upstream = new RawUpstream(RawStep.Respond(503), RawStep.Ok);
        await using var client = new FaultClient(synchronous: false, upstream.Address);
        using var request = new HttpRequestMessage(HttpMethod.Put, "readings")
        {
            Content = JsonContent.Create(channel.Reader.ReadAllAsync()),
        };

        using var response = await client.SendAsync(request);

        Assert.That(upstream.Executed.Select(r => r.Body), Has.All.EqualTo("[1,2]"));
    }
}
