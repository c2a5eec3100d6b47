using RetryHandler.Telemetry;

namespace RetryHandler;

/// <summary>Finds a second retry layer on the same client, which would multiply the attempts.</summary>
/// <remarks>
/// A standard resilience handler from shared defaults plus this one makes (3 + 1) attempts for each of ours
/// (microsoft/aspire#4631, dotnet/extensions#4814).
/// </remarks>
internal static class NestedRetries
{
    /// <summary>The attempts of a standard resilience handler with its default settings.</summary>
    private const int StandardResilienceAttempts = 4;

    /// <summary>Warns about retry layers among the handlers, which are the client's other ones.</summary>
    public static void Warn(IEnumerable<HttpMessageHandler> handlers, int maxAttempts, ClientTelemetry telemetry)
    {
        foreach (var handler in handlers)
        {
            if (AttemptsOf(handler) is { } attempts)
            {
                telemetry.OnNestedRetries(handler.GetType().Name, maxAttempts, attempts);
            }
        }
    }

    /// <summary>Lists the handlers inside <paramref name="handler"/>, down to the primary one.</summary>
    public static IEnumerable<HttpMessageHandler> Inside(DelegatingHandler handler)
    {
        for (var inner = handler.InnerHandler; inner is not null; inner = (inner as DelegatingHandler)?.InnerHandler)
        {
            yield return inner;
        }
    }

    // By name: this library does not depend on the package of that handler.
    private static int? AttemptsOf(HttpMessageHandler handler) =>
        handler is AdaptiveRetryHandler other ? other.MaxAttempts
        : handler.GetType().Name == "ResilienceHandler" ? StandardResilienceAttempts
        : null;
}
