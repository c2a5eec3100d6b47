using System.Net;

namespace TrimmedConsole;

/// <summary>Takes 100 requests a second and 20 at once, refuses the rest, and answers one of ten with 503.</summary>
internal sealed class Upstream : HttpMessageHandler
{
    private const double PerSecond = 100;
    private const double Burst = 20;
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(20);

    private readonly object _gate = new();
    private double _tokens = Burst;
    private long _last = TimeProvider.System.GetTimestamp();
    private int _requests;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Task.Delay(Latency, cancellationToken);
        return new HttpResponseMessage(Answer());
    }

    private HttpStatusCode Answer()
    {
        lock (_gate)
        {
            var now = TimeProvider.System.GetTimestamp();
            var earned = PerSecond * TimeProvider.System.GetElapsedTime(_last, now).TotalSeconds;
            _tokens = Math.Min(Burst, _tokens + earned);
            _last = now;
            if (_tokens < 1)
            {
                return HttpStatusCode.TooManyRequests;
            }

            _tokens--;
            return ++_requests % 10 == 7 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK;
        }
    }
}
