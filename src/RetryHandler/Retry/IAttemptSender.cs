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

    /// <summary>Sends one attempt; an exception of the inner handlers is an outcome, not thrown.</summary>
    ValueTask<AttemptOutcome> SendAsync(CancellationToken cancellationToken);
}
