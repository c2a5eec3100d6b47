using System.Net;

namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>Who ended it: the caller, <c>HttpClient.Timeout</c>, or the transport's limit for connecting.</summary>
[TestFixture(false)]
[TestFixture(true)]
[CancelAfter(60_000)]
internal sealed class TimeoutAttributionTests(bool synchronous)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(200);

    [Test]
    public async Task SendAsync_HttpClientTimeoutDuringAnAttempt_LooksLikeOne()
    {
        await using var upstream = new RawUpstream(RawStep.Respond(503), RawStep.Stall());
        await using var client = new FaultClient(synchronous, upstream.Address);
        client.Http.Timeout = Limit;
        using var request = FaultClient.Put();

        var thrown = Assert.ThrowsAsync<TaskCanceledException>(() => client.SendAsync(request));

        Assert.That(thrown!.InnerException, Is.InstanceOf<TimeoutException>());
        Assert.That(upstream.Executed, Has.Count.EqualTo(2));
        await client.AssertNothingLeakedAsync(upstream, quotaSpent: 14);
    }

    [Test]
    public async Task SendAsync_HttpClientTimeoutDuringTheBackoff_LooksLikeOneAndCostsNothing()
    {
        await using var upstream = new RawUpstream(RawStep.Respond(429, headerLines: "Retry-After: 30"), RawStep.Ok);
        await using var client = new FaultClient(synchronous, upstream.Address);
        client.Http.Timeout = Limit;
        using var request = FaultClient.Put();

        var thrown = Assert.ThrowsAsync<TaskCanceledException>(() => client.SendAsync(request));

        Assert.That(thrown!.InnerException, Is.InstanceOf<TimeoutException>());
        Assert.That(upstream.Executed, Has.Count.EqualTo(1));
        await client.AssertNothingLeakedAsync(upstream);
    }

    /// <summary>The total time of our own is known beforehand: the refusal comes back instead of a timeout.</summary>
    [Test]
    public async Task SendAsync_BackoffDoesNotFitTheTotalTimeout_ReturnsTheRefusalAtOnce()
    {
        await using var upstream = new RawUpstream(
            RawStep.Respond(429, "slow down", "Retry-After: 30"), RawStep.Ok);
        await using var client = new FaultClient(
            synchronous, upstream.Address, o => o.TotalTimeout = TimeSpan.FromSeconds(15));
        using var request = FaultClient.Put();

        using var response = await client.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(await client.ReadAsync(response), Is.EqualTo("slow down"));
        Assert.That(response.GetAdaptiveRetryInfo().StopReason, Is.EqualTo(RetryStopReason.DeadlineTooNear));
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream);
    }

    /// <summary>The transport's own limit is no cancellation by the caller, although it looks like one.</summary>
    [Test]
    public async Task SendAsync_ConnectTakesTooLongOnce_IsRepeated()
    {
        var connects = 0;
        await using var upstream = new RawUpstream(RawStep.Ok);
        await using var client = new FaultClient(synchronous, upstream.Address, configureTransport: transport =>
        {
            transport.ConnectTimeout = Limit;
            transport.ConnectCallback = async (context, cancellationToken) =>
            {
                if (Interlocked.Increment(ref connects) == 1)
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                }

                return await LoopbackSockets.ConnectAsync(context.DnsEndPoint, cancellationToken);
            };
        });
        using var request = FaultClient.Put();

        using var response = await client.SendAsync(request);

        Assert.That(response.GetAdaptiveRetryInfo().Attempts, Is.EqualTo(2));
        Assert.That(upstream.Executed, Has.Count.EqualTo(1));
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream);
    }
}
