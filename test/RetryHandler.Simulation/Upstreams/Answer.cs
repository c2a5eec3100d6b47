using System.Globalization;
using System.Net;

namespace RetryHandler.Simulation.Upstreams;

/// <summary>What an upstream answers.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Headers">Names and values, as on the wire.</param>
/// <param name="TrueDelay">The seconds after which another attempt is welcome, when the answer says so.</param>
internal readonly record struct Answer(
    int Status, IReadOnlyList<(string Name, string Value)>? Headers = null, double? TrueDelay = null)
{
    public static Answer Ok { get; } = new(200);

    public bool IsRefusal => Status >= 400;

    public static Answer TooMany { get; } = new(429);

    /// <summary>A 429 that says that too many run at the same time, as Stripe does.</summary>
    public static Answer TooManyAtOnce { get; } = WithHeader(429, "Stripe-Rate-Limited-Reason", "endpoint-concurrency");

    /// <summary>A 429 with a Retry-After in whole seconds, rounded up as servers do.</summary>
    public static Answer TooManyFor(double seconds)
    {
        var whole = Math.Max(1, Math.Ceiling(seconds - 1e-9));
        return WithHeader(429, "Retry-After", whole.ToString(CultureInfo.InvariantCulture)) with { TrueDelay = whole };
    }

    public static Answer WithHeader(int status, string name, string value) => new(status, [(name, value)]);

    public HttpResponseMessage ToResponse()
    {
        var response = new HttpResponseMessage((HttpStatusCode)Status);
        response.Content.Headers.ContentLength = 0;
        foreach (var (name, value) in Headers ?? [])
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }
}
