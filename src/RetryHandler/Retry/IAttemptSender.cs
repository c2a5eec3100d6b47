namespace RetryHandler.Retry;

/// <summary>A door of the loop: how one attempt is sent.</summary>
/// <remarks>
/// Implemented by structs, so that the loop is compiled once for each door and calls it without a detour.
/// </remarks>
internal interface IAttemptSender
{
    /// <summary>Gets whether the caller's thread must be blocked instead of released during waits.</summary>
    bool IsSynchronous { get; }

    /// <summary>Gets whether attempts are to be sent from the context that the call came from.</summary>
    bool ContinueOnCapturedContext { get; }

    /// <summary>Sends one attempt. What the inner handlers throw is in the task, never thrown by this method.</summary>
    /// <param name="request">The message, if known.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>A result or a task; not a reusable source, because it may be looked at more than once.</returns>
    ValueTask<HttpResponseMessage> SendAsync(HttpRequestMessage? request, CancellationToken cancellationToken);
}
