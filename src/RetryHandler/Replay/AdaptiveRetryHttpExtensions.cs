using RetryHandler;
using RetryHandler.Replay;

namespace System.Net.Http;

/// <summary>Extension methods that control adaptive retries for one request, and tell what happened to it.</summary>
public static class AdaptiveRetryHttpExtensions
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
    /// <remarks>It is then repeated like one with an idempotent method, also when the upstream may have acted on it.</remarks>
    /// <param name="request">The request, before it is sent.</param>
    /// <returns>The same request.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is <see langword="null"/>.</exception>
    public static HttpRequestMessage MarkRepeatable(this HttpRequestMessage request)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestMarks.MarkRepeatable(request);
        return request;
    }

    /// <summary>Tells how many attempts led to this response, why they ended, and how long the call waited.</summary>
    /// <param name="response">A response of a client with adaptive retries.</param>
    /// <returns>
    /// One attempt, no wait and <see cref="RetryStopReason.Succeeded"/> when nothing had to be done, or when the response
    /// did not come through such a client.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="response"/> is <see langword="null"/>.</exception>
    public static AdaptiveRetryInfo GetAdaptiveRetryInfo(this HttpResponseMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return RequestMarks.GetInfo(response.RequestMessage);
    }
}
