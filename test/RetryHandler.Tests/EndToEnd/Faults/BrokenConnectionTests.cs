using System.Net.Sockets;

namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>
/// The connection ends before a complete head of a response has come: nobody knows whether the request was processed.
/// </summary>
[TestFixture(false)]
[TestFixture(true)]
[CancelAfter(60_000)]
internal sealed class BrokenConnectionTests(bool synchronous)
{
    private const string HalfHead = "HTTP/1.1 200 OK\r\nContent-Le";

    public static IEnumerable<TestCaseData> Faults()
    {
        yield return Fault("closed on accept", RawStep.Close().BeforeRequest());
        yield return Fault("reset on accept", RawStep.Reset().BeforeRequest());
        yield return Fault("closed after the request head", RawStep.Close().AfterHead());
        yield return Fault("reset after the request head", RawStep.Reset().AfterHead());
        yield return Fault("closed before the status line", RawStep.Close());
        yield return Fault("reset before the status line", RawStep.Reset());
        yield return Fault("closed in the status line", RawStep.Close("HTTP/1.1 20"));
        yield return Fault("reset in the status line", RawStep.Reset("HTTP/1.1 20"));
        yield return Fault("closed in the headers", RawStep.Close(HalfHead));
        yield return Fault("reset in the headers", RawStep.Reset(HalfHead));
        yield return Fault("closed after 100 Continue", RawStep.Close("HTTP/1.1 100 Continue\r\n\r\n"));

        static TestCaseData Fault(string name, RawStep step) => new TestCaseData(step).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Faults))]
    public async Task SendAsync_PutBreaksOnce_IsRepeatedWithTheSameContent(RawStep fault)
    {
        await using var upstream = new RawUpstream(fault, RawStep.Ok);
        await using var client = new FaultClient(synchronous, upstream.Address);
        using var request = FaultClient.Put();

        using var response = await client.SendAsync(request);

        var answer = await client.ReadAsync(response);
        Assert.Multiple(() =>
        {
            Assert.That(answer, Is.EqualTo("done"));
            Assert.That(response.GetAdaptiveRetryInfo().Attempts, Is.EqualTo(2));
            Assert.That(upstream.Executed, Has.Count.EqualTo(fault.Reading == RawReading.All ? 2 : 1));
            Assert.That(upstream.Executed.Select(r => r.Method + r.Body), Has.All.EqualTo("PUTorder"));
            Assert.That(upstream.Connections, Is.EqualTo(2));
        });
        response.Dispose();
        await client.AssertNothingLeakedAsync(upstream);
    }

    [TestCaseSource(nameof(Faults))]
    public async Task SendAsync_PutAlwaysBreaks_ThrowsTheTransportsException(RawStep fault)
    {
        await using var upstream = new RawUpstream(fault);
        await using var client = new FaultClient(synchronous, upstream.Address);
        using var request = FaultClient.Put();

        var thrown = Assert.CatchAsync<Exception>(() => client.SendAsync(request));

        Assert.Multiple(() =>
        {
            AssertIsOfTheTransport(thrown!);
            Assert.That(thrown!.StackTrace, Does.Contain("System.Net.Http"), "the original stack");
            Assert.That(upstream.Connections, Is.EqualTo(3), "three attempts");
        });
        await client.AssertNothingLeakedAsync(upstream, quotaSpent: 2 * 14);
    }

    [TestCaseSource(nameof(Faults))]
    public async Task SendAsync_PostBreaks_IsNeverRepeated(RawStep fault)
    {
        await using var upstream = new RawUpstream(fault, RawStep.Ok);
        await using var client = new FaultClient(synchronous, upstream.Address);
        using var request = FaultClient.Post();

        // A reset that overtakes the connect itself is a refused connection, and only then it is repeated.
        var refused = false;
        try
        {
            using var response = await client.SendAsync(request);
            refused = response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            AssertIsOfTheTransport(e);
        }

        Assert.Multiple(() =>
        {
            Assert.That(refused, Is.False.Or.EqualTo(fault.Reading == RawReading.Nothing));
            Assert.That(upstream.Connections, Is.EqualTo(refused ? 2 : 1));
            Assert.That(upstream.Executed, Has.Count.LessThanOrEqualTo(1));
        });
        await client.AssertNothingLeakedAsync(upstream);
    }

    /// <summary>SocketsHttpHandler sends a request without content on up to four connections by itself.</summary>
    [TestCase("GET")]
    [TestCase("DELETE")]
    public async Task SendAsync_WithoutContentClosedBeforeTheStatusLine_TransportMultipliesTheAttempts(string method)
    {
        await using var upstream = new RawUpstream(RawStep.Close());
        await using var client = new FaultClient(synchronous, upstream.Address);
        using var request = new HttpRequestMessage(new HttpMethod(method), "orders/1");

        var thrown = Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request));

        Assert.That(thrown!.HttpRequestError, Is.EqualTo(HttpRequestError.ResponseEnded));
        Assert.That(upstream.Executed, Has.Count.EqualTo(3 * 4));
        await client.AssertNothingLeakedAsync(upstream, quotaSpent: 2 * 14);
    }

    /// <summary>The same for a POST without content would be four orders, without any retry of ours.</summary>
    [TestCase("POST")]
    [TestCase("PATCH")]
    public async Task SendAsync_UnsafeWithoutContentClosedBeforeTheStatusLine_IsExecutedOnce(string method)
    {
        await using var upstream = new RawUpstream(RawStep.Close());
        await using var client = new FaultClient(synchronous, upstream.Address);
        using var request = new HttpRequestMessage(new HttpMethod(method), "orders/1/confirm");

        Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request));

        Assert.That(upstream.Executed, Has.Count.EqualTo(1));
        await client.AssertNothingLeakedAsync(upstream);
    }

    [Test]
    public async Task SendAsync_NotHttp_IsNotRepeated()
    {
        await using var upstream = new RawUpstream(RawStep.Close("220 smtp ready\r\n\r\n"));
        await using var client = new FaultClient(synchronous, upstream.Address);
        using var request = FaultClient.Put();

        var thrown = Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request));

        Assert.That(thrown!.HttpRequestError, Is.EqualTo(HttpRequestError.InvalidResponse));
        Assert.That(upstream.Executed, Has.Count.EqualTo(1));
        await client.AssertNothingLeakedAsync(upstream);
    }

    /// <summary>The transport wraps what it meets, except a reset that comes while it still connects.</summary>
    private static void AssertIsOfTheTransport(Exception thrown)
    {
        var cause = thrown is HttpRequestException ? thrown.InnerException : thrown;
        Assert.That(cause, Is.InstanceOf<IOException>().Or.InstanceOf<SocketException>());
    }
}
