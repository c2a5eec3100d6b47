namespace RetryHandler.Tests.EndToEnd;

/// <summary>A connection that was never made is the surest evidence that nothing was processed.</summary>
[TestFixture]
[CancelAfter(60_000)]
internal sealed class ConnectTimeoutTests
{
    [Test]
    public async Task SendAsync_ConnectTimeoutPasses_RepeatsAPost()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(_ => Task.CompletedTask);
        var connections = 0;
        using var transport = new SocketsHttpHandler();
        transport.ConnectTimeout = TimeSpan.FromMilliseconds(100);
        transport.ConnectCallback = async (context, cancellationToken) =>
        {
            if (Interlocked.Increment(ref connections) == 1)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            var socket = new System.Net.Sockets.Socket(
                System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
        };
        using var client = new HttpClient(
            new AdaptiveRetryHandler(new AdaptiveRetryOptions()) { InnerHandler = transport });
        using var content = new StringContent("payload");

        using var response = await client.PostAsync(upstream.Address, content);

        Assert.That(response.IsSuccessStatusCode);
        Assert.That(response.GetAdaptiveRetryInfo().Attempts, Is.EqualTo(2));
        Assert.That(upstream.Requests, Is.EqualTo(1));
    }
}
