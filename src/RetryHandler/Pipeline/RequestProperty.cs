using Polly;

namespace RetryHandler.Pipeline;

/// <summary>The property under which HTTP pipelines carry the message; equality is by name.</summary>
internal static class RequestProperty
{
    public static ResiliencePropertyKey<HttpRequestMessage> Key { get; } = new("Resilience.Http.RequestMessage");
}
