namespace RetryHandler.Tests.EndToEnd.Faults;

/// <summary>Sends chosen attempts elsewhere; stands inside the retries, so that it sees every attempt.</summary>
internal sealed class Rerouting(Func<HttpRequestMessage, Uri?> target) : DelegatingHandler
{
    /// <summary>Sends the first attempts elsewhere.</summary>
    public static Rerouting First(int attempts, Uri address)
    {
        var left = attempts;
        return new Rerouting(_ => Interlocked.Decrement(ref left) >= 0 ? address : null);
    }

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.SendAsync(Route(request), cancellationToken);

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.Send(Route(request), cancellationToken);

    private HttpRequestMessage Route(HttpRequestMessage request)
    {
        if (target(request) is { } address)
        {
            request.RequestUri = new Uri(address, request.RequestUri!.PathAndQuery);
        }

        return request;
    }
}
