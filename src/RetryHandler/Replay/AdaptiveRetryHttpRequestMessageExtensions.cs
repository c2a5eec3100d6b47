using RetryHandler.Replay;

namespace System.Net.Http;

/// <summary>Extension methods that control adaptive retries for one request.</summary>
public static class AdaptiveRetryHttpRequestMessageExtensions
{
    /// <summary>Rules out retries for this request; the upstream's first answer is returned.</summary>
    /// <remarks>The client's send rate still holds the request back while the upstream throttles.</remarks>
    /// <param name="request">The request, before it is sent.</param>
    /// <returns>The same request.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is <see langword="null"/>.</exception>
    public static HttpRequestMessage DisableAdaptiveRetry(this HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestMarks.Disable(request);
        return request;
    }

    /// <summary>States that the upstream may receive this request more than once without harm.</summary>
    /// <remarks>
    /// It is then repeated like one with an idempotent method, also when the upstream may have acted on it.
    /// </remarks>
    /// <param name="request">The request, before it is sent.</param>
    /// <returns>The same request.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is <see langword="null"/>.</exception>
    public static HttpRequestMessage MarkRepeatable(this HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestMarks.MarkRepeatable(request);
        return request;
    }
}
