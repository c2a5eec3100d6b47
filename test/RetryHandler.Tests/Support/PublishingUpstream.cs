using System.Globalization;
using System.Net;

namespace RetryHandler.Tests.Support;

/// <summary>
/// So many requests in each period of the clock, and on every answer how many are left; answers come at once.
/// </summary>
internal sealed class PublishingUpstream(ManualTimeProvider time, int count, double period)
{
    private double _window;
    private int _used;

    public int Attempts { get; private set; }

    public int Refused { get; private set; }

    public HttpResponseMessage Answer(HttpRequestMessage request)
    {
        var now = time.Elapsed.TotalSeconds;
        var window = Math.Floor((now / period) + 1e-9);
        (_window, _used) = (window, window == _window ? _used : 0);
        Attempts++;
        _used++;
        var isRefused = _used > count;
        Refused += isRefused ? 1 : 0;
        var response = new HttpResponseMessage(isRefused ? HttpStatusCode.TooManyRequests : HttpStatusCode.OK)
        {
            RequestMessage = request,
        };
        response.Headers.TryAddWithoutValidation("RateLimit-Policy", Text($"\"default\";q={count};w={period}"));
        response.Headers.TryAddWithoutValidation(
            "RateLimit",
            Text($"\"default\";r={Math.Max(0, count - _used)};t={Math.Ceiling(((window + 1) * period) - now)}"));
        return response;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
