using System.Diagnostics;

namespace RetryHandler.RateLimiting;

/// <summary>
/// Gives out one token per attempt, first come first served, at the rate that the controller finds.
/// Dormant, and next to free, until the upstream throttles for the first time or publishes a budget that would run out.
/// </summary>
/// <remarks>
/// Thread-safe. Three rules keep it free of the deadlocks and leaks of its relatives: waiters are completed outside the
/// lock, no cancellation registration is disposed under it (dotnet/runtime#90285), and a cancelled waiter gives up its
/// place at once (dotnet/runtime#64078).
/// </remarks>
[DebuggerDisplay("{State}")]
internal sealed class SendRateLimiter
{
    private readonly Lock _gate = new();
    private readonly string _clientName;
    private SendRateSettings _settings;
    private readonly TimeProvider _timeProvider;
    private readonly long _origin;
    private readonly AdaptiveTokenBucket _bucket;
    private readonly SendWaiterQueue _waiters;
    private readonly FreePasses _free = new();

    private volatile bool _limiting;
    private volatile bool _closed;
    private volatile bool _overloadExpected;

    public SendRateLimiter(
        string clientName, SendRateSettings settings, ISendRateController controller, TimeProvider timeProvider)
    {
        _clientName = clientName;
        _settings = settings;
        _timeProvider = timeProvider;
        _origin = timeProvider.GetTimestamp();
        _bucket = new AdaptiveTokenBucket(settings, controller);
        _limiting = _bucket.Begin(now: 0);
        _waiters = new SendWaiterQueue(_bucket, new WakeUpTimer(timeProvider, OnTimer), Refusal);
    }

    /// <summary>Gets whether attempts need a token at present.</summary>
    public bool IsLimiting => _limiting;

    /// <summary>Gets whether a bare 503 is taken for the sign of a limit on concurrency.</summary>
    public bool IsOverloadExpected => _overloadExpected;

    /// <summary>Gets what the limiter does to attempts; without a lock, for the look after each response.</summary>
    public LimiterState Phase => !_limiting ? LimiterState.Dormant
        : _closed ? LimiterState.Closed
        : LimiterState.Limiting;

    public SendRateState State
    {
        get
        {
            lock (_gate)
            {
                return _bucket.StateAt(Refill(), _waiters.Count);
            }
        }
    }

    /// <summary>Lets an attempt pass that needs no token, because the limiter is dormant.</summary>
    public bool TryPass(out SendPermit permit)
    {
        permit = default;
        return !_limiting && _free.TryTake(out permit);
    }

    /// <summary>Waits for a token; completes at once while the limiter is dormant.</summary>
    /// <param name="budget">How long the caller has; together with the settings it bounds the wait.</param>
    /// <param name="cancellationToken">Leaves the queue at once; costs no token.</param>
    /// <exception cref="SendRateLimitedException">The wait would be, or was, too long, or the queue is
    /// full.</exception>
    public ValueTask<SendPermit> AcquireAsync(TimeSpan budget, CancellationToken cancellationToken)
    {
        if (TryPass(out var permit))
        {
            return new(permit);
        }

        SendWaiter waiter;
        lock (_gate)
        {
            var now = Refill();
            if (!StillLimiting(now, out permit) || (_waiters.Count == 0 && _bucket.TryTake(now, out permit)))
            {
                return new(permit);
            }

            var longestWait = _settings.LongestWait(budget);
            var expectedWait = _bucket.WaitFor(_waiters.Count + 1, now);
            if (_waiters.Count >= _settings.QueueLimit || expectedWait > longestWait || _bucket.IsShut(now))
            {
                return ValueTask.FromException<SendPermit>(Refusal(expectedWait));
            }

            waiter = new SendWaiter(this, now + longestWait, cancellationToken);
            _waiters.Enqueue(waiter, now);
        }

        return WaitAsync(waiter);
    }

    /// <summary>Predicts whether an attempt that comes after <paramref name="delay"/> would be refused.</summary>
    public bool WouldRefuse(TimeSpan delay, TimeSpan budget)
    {
        if (!_limiting)
        {
            return false;
        }

        lock (_gate)
        {
            var now = Refill();
            var expectedWait = _bucket.WaitFor(_waiters.Count + 1, now) - delay.TotalSeconds;
            return _bucket.IsShut(now + delay.TotalSeconds)
                || (expectedWait > 0 && _waiters.Count >= _settings.QueueLimit)
                || expectedWait > Math.Max(0, _settings.LongestWait(budget - delay));
        }
    }

    /// <summary>Takes back the permit of an attempt that was never sent.</summary>
    public void Return(SendPermit permit) => Settle(permit, static (bucket, permit) => bucket.Return(permit));

    /// <summary>Notes that an attempt ended without a response, which says nothing about the limit.</summary>
    public void OnNoResponse(SendPermit permit) =>
        Settle(permit, static (bucket, permit) => bucket.OnNoResponse(permit));

    /// <summary>Learns from one response; called exactly once for each attempt that got one.</summary>
    /// <param name="permit">The permit of the attempt.</param>
    /// <param name="response">The response.</param>
    /// <returns>Whether this response woke the limiter up or put it to sleep.</returns>
    public bool OnResponse(SendPermit permit, in SendResponse response)
    {
        _free.Land(permit);
        SendWaiter? completed;
        bool changed;
        lock (_gate)
        {
            var now = Refill();
            _bucket.OnResponse(permit, response, _free.Count, mayRest: _waiters.Count == 0, now);
            changed = _limiting != _bucket.IsLimiting;
            _limiting = _bucket.IsLimiting;
            _free.Most = (int)Math.Min(int.MaxValue, _bucket.MostWhileDormant);
            _overloadExpected = _bucket.IsOverloadExpected;
            _closed = _bucket.IsClosed;
            completed = _waiters.TakeReady(now);
        }

        SendWaiter.CompleteAll(completed);
        return changed;
    }

    /// <summary>Changes the bounds; the learned rate stays, within the new ones, and so do the waiters.</summary>
    public void Apply(SendRateSettings settings)
    {
        SendWaiter? completed;
        lock (_gate)
        {
            var now = Refill();
            _settings = settings;
            _bucket.Apply(settings, now);
            completed = _waiters.TakeReady(now);
        }

        SendWaiter.CompleteAll(completed);
    }

    private void Settle(SendPermit permit, Action<AdaptiveTokenBucket, SendPermit> change)
    {
        _free.Land(permit);
        if (permit.HasToken)
        {
            Update(permit, change);
        }
    }

    private static async ValueTask<SendPermit> WaitAsync(SendWaiter waiter)
    {
        // Disposed here, outside the lock: disposal waits for a running callback, and the callback wants the lock.
        using var registration = waiter.CancellationToken.UnsafeRegister(
            static state => ((SendWaiter)state!).Limiter.Cancel((SendWaiter)state), waiter);
        await waiter.Task.ConfigureAwait(false);
        return waiter.Refusal is { } refusal ? throw refusal : waiter.Permit;
    }

    private void Cancel(SendWaiter waiter)
    {
        lock (_gate)
        {
            if (!waiter.IsQueued)
            {
                return;
            }

            var now = Refill();
            _waiters.Leave(waiter, now);
        }

        waiter.SetCanceled(waiter.CancellationToken);
    }

    // Also while dormant: whoever came in as the limiter fell asleep must not sleep too.
    private void OnTimer() => Update(default, static (_, _) => { });

    /// <summary>Changes the bucket and lets go whoever can go now.</summary>
    private void Update(SendPermit permit, Action<AdaptiveTokenBucket, SendPermit> change)
    {
        SendWaiter? completed;
        lock (_gate)
        {
            var now = Refill();
            change(_bucket, permit);
            completed = _waiters.TakeReady(now);
        }

        SendWaiter.CompleteAll(completed);
    }

    private double Refill()
    {
        var now = _timeProvider.GetElapsedTime(_origin).TotalSeconds;
        _bucket.Refill(_waiters.Count > 0, now);
        return now;
    }

    /// <summary>
    /// Goes dormant after a time without any demand, and wakes up when too many come at once; called under the lock.
    /// </summary>
    private bool StillLimiting(double now, out SendPermit permit)
    {
        permit = default;
        _bucket.RestIfIdle(_waiters.Count, now);
        if (!_bucket.IsLimiting && !_free.TryTake(out permit))
        {
            _bucket.OnCrowd(_free.Count, now);
        }

        return _limiting = _bucket.IsLimiting;
    }

    /// <summary>Makes the exception for a waiter that can't go; called under the lock.</summary>
    private SendRateLimitedException Refusal(double expectedWait)
    {
        var wait = Waits.RoundUp(expectedWait);
        return new SendRateLimitedException(_clientName, _waiters.Count, wait, _timeProvider.GetUtcNow() + wait);
    }
}
