namespace RetryHandler.Retry;

/// <summary>A token that is cancelled by the caller or by a time limit, and that can tell which it was.</summary>
internal sealed class TimeoutScope : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly TimeProvider _timeProvider;
    private readonly long _start;
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _linked;

    public TimeoutScope(TimeSpan limit, TimeProvider timeProvider, CancellationToken caller)
    {
        _limit = limit;
        _timeProvider = timeProvider;
        _start = timeProvider.GetTimestamp();
        Caller = caller;
        _timer = new CancellationTokenSource(limit, timeProvider);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(caller, _timer.Token);
    }

    public CancellationToken Caller { get; }

    public TimeSpan TimeLeft => _limit - _timeProvider.GetElapsedTime(_start);

    public CancellationToken Token => _linked.Token;

    /// <summary>
    /// Says whose cancellation it was: the caller's carries the caller's token, the time limit's looks like that of
    /// <c>HttpClient.Timeout</c>, and one that is neither stays as it is.
    /// </summary>
    public OperationCanceledException Attribute(OperationCanceledException exception, string subject)
    {
        if (Caller.IsCancellationRequested)
        {
            return exception.CancellationToken == Caller
                ? exception
                : new TaskCanceledException(exception.Message, exception, Caller);
        }

        return _timer.IsCancellationRequested
            ? new TaskCanceledException(
                $"The {subject} was cancelled because its time limit of {_limit} has passed.",
                new TimeoutException(exception.Message, exception),
                _timer.Token)
            : exception;
    }

    public void Dispose()
    {
        _linked.Dispose();
        _timer.Dispose();
    }
}
