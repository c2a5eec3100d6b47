namespace RetryHandler.Classification;

/// <summary>How much of a body is read before it is judged, and for how long, from now on.</summary>
internal readonly struct PeekLimits(int maxBytes, TimeSpan timeout, TimeProvider timeProvider)
{
    private readonly long _start = timeProvider.GetTimestamp();

    public int MaxBytes { get; } = maxBytes;

    /// <summary>Waits for a task until it ends in whatever way, the time is over, or the caller cancels.</summary>
    public async ValueTask WaitAsync(Task task, CancellationToken cancellationToken)
    {
        var left = timeout - timeProvider.GetElapsedTime(_start);
        if (!task.IsCompleted && left > TimeSpan.Zero)
        {
            await task.WaitAsync(left, timeProvider, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!task.IsCompletedSuccessfully)
        {
            // It may fail when nobody waits for it any more. That must not reach UnobservedTaskException.
            _ = task.ContinueWith(
                static failed => _ = failed.Exception,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }
}
