using System.Net.Sockets;

namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>Nobody listens: the request surely was not processed, so that every method is repeated.</summary>
[TestFixture(false)]
[TestFixture(true)]
[CancelAfter(60_000)]
internal sealed class RefusedConnectionTests(bool synchronous)
{
    [TestCase("GET")]
    [TestCase("PUT")]
    [TestCase("POST")]
    [TestCase("PATCH")]
    public async Task SendAsync_AlwaysRefused_ThrowsTheTransportsException(string method)
    {
        using var nobody = new ClosedPort();
        await using var client = new FaultClient(synchronous, nobody.Address);
        using var request = FaultClient.Request(new HttpMethod(method), "order");

        var thrown = Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request));

        Assert.Multiple(() =>
        {
            Assert.That(thrown!.HttpRequestError, Is.EqualTo(HttpRequestError.ConnectionError));
            Assert.That(thrown.InnerException, Is.InstanceOf<SocketException>());
            Assert.That(client.Quota, Is.EqualTo(500 - (2 * 14)), "two retries were made");
            Assert.That(client.ActiveTimers, Is.Zero);
        });
    }

    [TestCase("PUT")]
    [TestCase("POST")]
    public async Task SendAsync_RefusedTwice_SucceedsAndIsExecutedOnce(string method)
    {
        using var nobody = new ClosedPort();
        await using var upstream = new RawUpstream(RawStep.Ok);
        await using var client = new FaultClient(
            synchronous, upstream.Address, innerHandler: () => Rerouting.First(2, nobody.Address));
        using var request = FaultClient.Request(new HttpMethod(method), "order");

        using var response = await client.SendAsync(request);

        Assert.Multiple(() =>
        {
            Assert.That(response.GetAdaptiveRetryInfo().Attempts, Is.EqualTo(3));
            Assert.That(upstream.Executed.Select(r => r.Method + r.Body), Is.EqualTo(new[] { method + "order" }));
        });
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream, quotaSpent: 14);
    }
}
