using System.Diagnostics;

namespace RetryHandler.Tests.Support;

/// <summary>Runs asynchronous code to its end in virtual time.</summary>
internal static class VirtualTime
{
    // By the real clock: on a busy machine the one thread that has work to do may not run for a while.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Moves the clock from timer to timer until the task is complete.</summary>
    public static async Task<T> RunAsync<T>(this ManualTimeProvider time, Task<T> task)
    {
        await RunAsync(time, (Task)task);
        return await task;
    }

    public static async Task RunAsync(this ManualTimeProvider time, Task task)
    {
        var idleSince = Stopwatch.GetTimestamp();
        while (!task.IsCompleted)
        {
            // Continuations run on the thread pool: give them time to set the next timer before moving on.
            if (time.ActiveTimers > 0)
            {
                await SettleAsync();
                time.FireNext();
                idleSince = Stopwatch.GetTimestamp();
            }
            else
            {
                await SettleAsync();
                Assert.That(
                    Stopwatch.GetElapsedTime(idleSince),
                    Is.LessThan(Patience),
                    "The call waits for something that is not a timer.");
            }
        }

        await SettleAsync();
    }

    /// <summary>Lets everything that can run now run.</summary>
    public static async Task SettleAsync()
    {
        // The pool is shared with other tests, so the count of waiting work may never be 0 for long: hence the bound.
        var quiet = 0;
        for (var i = 0; i < 2_000 && quiet < 20; i++)
        {
            await Task.Yield();

            // Work that has begun is not counted: its thread must get a processor, too.
            Thread.Yield();
            quiet = ThreadPool.PendingWorkItemCount == 0 ? quiet + 1 : 0;
        }
    }
}
