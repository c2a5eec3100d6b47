namespace RetryHandler;

/// <summary>Shows what the retries, limiters and quotas of all clients are doing.</summary>
/// <remarks>
/// Registered by <c>AddAdaptiveRetry()</c>. It shows the clients of <see cref="IHttpClientFactory"/> from their first
/// use on; handlers made by hand are seen by metrics only.
/// </remarks>
public interface IAdaptiveRetryMonitor
{
    /// <summary>Takes a snapshot of all clients.</summary>
    /// <remarks>Cheap enough to be asked several times a second. Thread-safe.</remarks>
    /// <returns>The snapshot; immutable.</returns>
    AdaptiveRetrySnapshot GetSnapshot();
}
