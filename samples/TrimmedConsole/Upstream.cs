using System.Net;

namespace TrimmedConsole;

/// <summary>Answers one of five requests with 429, and one of ten with 503.</summary>
internal sealed class Upstream : HttpMessageHandler
{
    private int _requests;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var number = Interlocked.Increment(ref _requests);
        return new HttpResponseMessage(
            number % 10 == 7 ? HttpStatusCode.ServiceUnavailable
            : number % 5 == 1 ? HttpStatusCode.TooManyRequests
            : HttpStatusCode.OK);
    }
}
