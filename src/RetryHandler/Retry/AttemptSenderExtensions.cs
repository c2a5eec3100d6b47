namespace RetryHandler.Retry;

/// <summary>
/// Waits in the way of the door: released threads for asynchronous calls, blocked ones for synchronous calls.
/// </summary>
internal static class AttemptSenderExtensions
{
    public static ValueTask Complete<TSender>(this TSender sender, ValueTask task)
        where TSender : struct, IAttemptSender
    {
        if (!sender.IsSynchronous || task.IsCompleted)
        {
            return task;
        }

        task.AsTask().GetAwaiter().GetResult();
        return default;
    }

    public static ValueTask<T> Complete<TSender, T>(this TSender sender, ValueTask<T> task)
        where TSender : struct, IAttemptSender =>
        !sender.IsSynchronous || task.IsCompleted ? task : new(task.AsTask().GetAwaiter().GetResult());

    /// <summary>Sends one attempt; an exception of the inner handlers is an outcome.</summary>
    public static async ValueTask<AttemptOutcome> TrySendAsync<TSender>(
        this TSender sender, HttpRequestMessage? request, CancellationToken cancellationToken)
        where TSender : struct, IAttemptSender
    {
        try
        {
            var response = await sender.SendAsync(request, cancellationToken)
                .ConfigureAwait(sender.ContinueOnCapturedContext);
            return response is null ? default : new AttemptOutcome(response);
        }
        catch (Exception e)
        {
            return new AttemptOutcome(e);
        }
    }
}
