using RetryHandler;
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

    /// <summary>Sets how many attempts this request may make, the first one included, whatever the failure.</summary>
    /// <remarks>Beats the limits of the client, which may be lower or higher.</remarks>
    /// <param name="request">The request, before it is sent.</param>
    /// <param name="attempts">Between 1 (never retry) and 100.</param>
    /// <returns>The same request.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="attempts"/> is out of range.</exception>
    public static HttpRequestMessage SetAdaptiveRetryMaxAttempts(this HttpRequestMessage request, int attempts)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfLessThan(attempts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(attempts, 100);
        RequestMarks.SetMaxAttempts(request, attempts);
        return request;
    }

    /// <summary>Sets how long this request may take, all attempts and waits included.</summary>
    /// <remarks>
    /// Takes the place of <see cref="AdaptiveRetryOptions.TotalTimeout"/>, and works as it does. In a Polly pipeline it
    /// bounds the waits but cancels no attempt. A copy of the message does not have it.
    /// </remarks>
    /// <param name="request">The request, before it is sent.</param>
    /// <param name="timeout">Above 0 and at most 1 day.</param>
    /// <returns>The same request.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is out of range.</exception>
    public static HttpRequestMessage SetAdaptiveRetryTotalTimeout(this HttpRequestMessage request, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout, TimeSpan.FromDays(1));
        RequestTables.TotalTimeouts.Set(request, timeout);
        return request;
    }

    /// <summary>Sets in which partition of the client this request is sent.</summary>
    /// <remarks>
    /// Beats <see cref="PartitionOptions.Kind"/> and <see cref="PartitionOptions.KeySelector"/>, and works for a client
    /// without either too. A copy of the message does not have it.
    /// </remarks>
    /// <param name="request">The request, before it is sent.</param>
    /// <param name="key">Compared ordinally; appears in the snapshots of the monitor.</param>
    /// <returns>The same request.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static HttpRequestMessage SetAdaptiveRetryPartition(this HttpRequestMessage request, string key)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(key);
        RequestTables.Partitions.Set(request, key);
        return request;
    }
}
