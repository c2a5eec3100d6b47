namespace RetryHandler.RateLimiting;

/// <summary>One timer that exists only while something waits for it. The owner holds its lock during calls.</summary>
internal sealed class WakeUpTimer(TimeProvider timeProvider, Action onWakeUp)
{
    private ITimer? _timer;

    /// <summary>
    /// Sets the timer, in seconds from now. A wait of days is cut: the owner looks, and sets it again.
    /// </summary>
    public void Set(double seconds)
    {
        var due = Waits.RoundUp(seconds);
        if (_timer is not null)
        {
            _timer.Change(due, Timeout.InfiniteTimeSpan);
            return;
        }

        // Whoever happens to wait first must not have its async locals kept alive by the timer.
        using var flow = ExecutionContext.IsFlowSuppressed() ? default(IDisposable) : ExecutionContext.SuppressFlow();
        _timer = timeProvider.CreateTimer(
            static state => ((Action)state!)(), onWakeUp, due, Timeout.InfiniteTimeSpan);
    }

    public void Stop()
    {
        _timer?.Dispose();
        _timer = null;
    }
}
