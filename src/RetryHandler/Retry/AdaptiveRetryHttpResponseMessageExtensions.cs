using RetryHandler;
using RetryHandler.Retry;

namespace System.Net.Http;

/// <summary>Extension methods that tell what adaptive retries did for a response.</summary>
public static class AdaptiveRetryHttpResponseMessageExtensions
{
    /// <summary>Tells how many attempts led to this response, why they ended, and how long the call waited.</summary>
    /// <param name="response">A response of a client with adaptive retries.</param>
    /// <returns>
    /// One attempt, no wait and <see cref="RetryStopReason.Succeeded"/> when nothing had to be done, or when the
    /// response did not come through such a client.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="response"/> is <see langword="null"/>.</exception>
    public static AdaptiveRetryInfo GetAdaptiveRetryInfo(this HttpResponseMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return AdaptiveRetryInfos.Of(response);
    }
}
