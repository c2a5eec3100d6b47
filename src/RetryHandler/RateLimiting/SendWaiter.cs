namespace RetryHandler.RateLimiting;

/// <summary>One attempt that waits for a token; a node of the limiter's queue, so that leaving it costs O(1).</summary>
/// <remarks>
/// Continuations run asynchronously: whoever completes a waiter must not run its caller's code on the way.
/// </remarks>
internal sealed class SendWaiter(SendRateLimiter limiter, double deadline, CancellationToken cancellationToken)
    : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public SendRateLimiter Limiter { get; } = limiter;

    /// <summary>Gets the time, in seconds on the limiter's clock, after which the attempt no longer waits.</summary>
    public double Deadline { get; } = deadline;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    public bool IsQueued { get; set; }

    /// <summary>Gets or sets what the waiter was given.</summary>
    public SendPermit Permit { get; set; }

    /// <summary>Gets or sets why the limiter gave up on this waiter: its deadline passed.</summary>
    public SendRateLimitedException? Refusal { get; set; }

    public SendWaiter? Previous { get; set; }

    public SendWaiter? Next { get; set; }

    /// <summary>Completes a chain of waiters; never called under the limiter's lock.</summary>
    public static void CompleteAll(SendWaiter? chain)
    {
        while (chain is not null)
        {
            var next = chain.Next;
            chain.SetResult();
            chain = next;
        }
    }
}
