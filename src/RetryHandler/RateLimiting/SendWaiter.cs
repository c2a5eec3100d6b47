using System.Threading.Tasks.Sources;

namespace RetryHandler.RateLimiting;

/// <summary>One attempt that waits for a token; a node of the limiter's queue, so that leaving it costs O(1).</summary>
/// <remarks>
/// <para>
/// A task source of its own kind, 96 B: one of the framework's, with its task and the asynchronous method that waits
/// for it, takes 350 B. Awaited once, without a captured context.
/// </para>
/// <para>
/// Continuations run asynchronously: whoever completes a waiter must not run its caller's code on the way.
/// </para>
/// </remarks>
internal sealed class SendWaiter(SendRateLimiter limiter, double deadline) : IValueTaskSource<SendPermit>
{
    private static readonly Action<object?> Completed = static _ => { };

    private Action<object?>? _continuation;
    private object? _state;
    private CancellationTokenRegistration _registration;
    private Exception? _failure;
    private volatile bool _isCompleted;

    // The permit in parts, 16 B less: a waiter has a deadline until it has a permit.
    private bool _isProbe;
    private bool _isUnpaced;

    /// <summary>Gets the time, in seconds on the limiter's clock, after which the attempt no longer waits.</summary>
    public double Deadline { get; private set; } = deadline;

    public bool IsQueued { get; set; }

    public SendWaiter? Previous { get; set; }

    public SendWaiter? Next { get; set; }

    /// <summary>Completes a chain of waiters; never called under the limiter's lock.</summary>
    public static void CompleteAll(SendWaiter? chain)
    {
        while (chain is not null)
        {
            var next = chain.Next;
            chain.Complete();
            chain = next;
        }
    }

    /// <summary>Waits; the caller has put the waiter into the queue.</summary>
    public ValueTask<SendPermit> WaitAsync(CancellationToken cancellationToken)
    {
        _registration = cancellationToken.UnsafeRegister(
            static (self, token) => ((SendWaiter)self!).Cancel(token), this);
        return new(this, token: 0);
    }

    /// <summary>Notes what the waiter was given; <see cref="Complete"/> tells it.</summary>
    public void Grant(SendPermit permit) =>
        (Deadline, _isProbe, _isUnpaced) = (permit.GrantedAt, permit.IsProbe, permit.IsUnpaced);

    /// <summary>Notes why the waiter gets nothing.</summary>
    public void Fail(Exception failure) => _failure = failure;

    public SendPermit GetResult(short token)
    {
        // Here, outside the lock: disposal waits for a running callback, and the callback wants the lock.
        _registration.Dispose();
        return _failure is { } failure ? throw failure
            : new SendPermit(HasToken: true, _isProbe, GrantedAt: Deadline) { IsUnpaced = _isUnpaced };
    }

    public ValueTaskSourceStatus GetStatus(short token) =>
        !_isCompleted ? ValueTaskSourceStatus.Pending
        : _failure is null ? ValueTaskSourceStatus.Succeeded
        : _failure is OperationCanceledException ? ValueTaskSourceStatus.Canceled
        : ValueTaskSourceStatus.Faulted;

    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        _state = state;
        if (Interlocked.CompareExchange(ref _continuation, continuation, null) is not null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(continuation, state, preferLocal: true);
        }
    }

    private void Complete()
    {
        _isCompleted = true;
        if (Interlocked.CompareExchange(ref _continuation, Completed, null) is { } continuation)
        {
            ThreadPool.UnsafeQueueUserWorkItem(continuation, _state, preferLocal: true);
        }
    }

    private void Cancel(CancellationToken token)
    {
        if (limiter.TryLeave(this))
        {
            Fail(new TaskCanceledException(null, null, token));
            Complete();
        }
    }
}
