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
    private readonly TimeProvider _timeProvider;
    private readonly long _origin;
    private readonly double _frequency;
    private readonly AdaptiveTokenBucket _bucket;
    private readonly SendWaiterQueue _waiters;
    private readonly CountedAttempts _counted;

    private SendRateSettings _settings;
    private volatile bool _closed;
    private volatile bool _overloadExpected;

    public SendRateLimiter(
        string clientName, SendRateSettings settings, ISendRateController controller, TimeProvider timeProvider)
    {
        _settings = settings;
        _timeProvider = timeProvider;
        _origin = timeProvider.GetTimestamp();
        _frequency = timeProvider.TimestampFrequency;
        _bucket = new AdaptiveTokenBucket(settings, controller);
        _bucket.Begin(now: 0);
        _counted = new CountedAttempts(_bucket);
        _waiters = new SendWaiterQueue(_bucket, new WakeUpTimer(timeProvider, LookAround), clientName, timeProvider);
    }

    /// <summary>Gets whether attempts need a token at present.</summary>
    public bool IsLimiting => _counted.IsLimiting;

    /// <summary>Gets whether a bare 503 is taken for the sign of a limit on concurrency.</summary>
    public bool IsOverloadExpected => _overloadExpected;

    /// <summary>Gets what the limiter did after the last response, without a lock; closed until one is good.</summary>
    public LimiterState Phase => !IsLimiting ? LimiterState.Dormant
        : _closed ? LimiterState.Closed
        : LimiterState.Limiting;

    public SendRateState State
    {
        get
        {
            var time = Time;
            lock (_gate)
            {
                var now = Look(time);
                _counted.RestIfIdle(_waiters.Count, now);
                return _bucket.StateAt(now, _waiters.Count);
            }
        }
    }

    // Read before the lock is taken: the look at the clock takes as long (25 ns) as all that is done under it.
    private double Time => (_timeProvider.GetTimestamp() - _origin) / _frequency;

    /// <summary>Takes a token if there is one and nobody waits for it, or if none is needed.</summary>
    public bool TryAcquire(out SendPermit permit)
    {
        if (_counted.TryBegin(out permit))
        {
            return true;
        }

        var time = Time;
        lock (_gate)
        {
            return TryAcquire(Look(time), out permit);
        }
    }

    /// <summary>Waits for a token; completes at once while the limiter is dormant.</summary>
    /// <param name="timeLeft">How long the caller has; together with the settings it bounds the wait.</param>
    /// <param name="cancellationToken">Leaves the queue at once; costs no token.</param>
    /// <exception cref="SendRateLimitedException">The wait is too long, or the queue full.</exception>
    public ValueTask<SendPermit> AcquireAsync(TimeSpan timeLeft, CancellationToken cancellationToken)
    {
        SendWaiter waiter;
        var time = Time;
        lock (_gate)
        {
            var now = Look(time);
            if (TryAcquire(now, out var permit))
            {
                return new(permit);
            }

            var longestWait = _settings.LongestWait(timeLeft);
            if (_waiters.WouldReject(longestWait, _settings.QueueLimit, now, out var expectedWait))
            {
                return ValueTask.FromException<SendPermit>(_waiters.Rejection(expectedWait, now));
            }

            waiter = new SendWaiter(this, now + longestWait);
            _waiters.Enqueue(waiter, now);
            _counted.Change(_waiters.Count, now);
        }

        return waiter.WaitAsync(cancellationToken);
    }

    /// <summary>Lets a waiter go that no longer wants a token.</summary>
    /// <returns>Whether it waited; not so when it was given one already.</returns>
    public bool TryLeave(SendWaiter waiter)
    {
        var time = Time;
        lock (_gate)
        {
            return _waiters.TryLeave(waiter, Look(time));
        }
    }

    /// <summary>Predicts whether an attempt that comes after <paramref name="delay"/> would be rejected.</summary>
    public bool WouldReject(TimeSpan delay, TimeSpan timeLeft)
    {
        if (!IsLimiting)
        {
            return false;
        }

        var time = Time;
        lock (_gate)
        {
            var longestWait = _settings.LongestWait(timeLeft - delay);
            return _waiters.WouldReject(delay.TotalSeconds, longestWait, _settings.QueueLimit, Look(time));
        }
    }

    /// <summary>Takes back the permit of an attempt that was never sent.</summary>
    public void Return(SendPermit permit) => Settle(permit, wasSent: false);

    /// <summary>Notes that an attempt ended without a response, which says nothing about the limit.</summary>
    public void OnNoResponse(SendPermit permit) => Settle(permit, wasSent: true);

    /// <summary>Learns from one response; called exactly once for each attempt that got one.</summary>
    public void OnResponse(SendPermit permit, in SendResponse response)
    {
        if (response is { Feedback: SendFeedback.Accepted, Budget: null } && _counted.TryCount(permit, out var isDue))
        {
            if (isDue)
            {
                LookAround();
            }

            return;
        }

        _counted.Land(permit);
        SendWaiter? completed;
        var time = Time;
        lock (_gate)
        {
            var now = Look(time);
            _bucket.OnResponse(permit, response, _counted.InFlight, mayRest: _waiters.Count == 0, now);
            _overloadExpected = _bucket.IsOverloadExpected;
            _closed = _bucket.IsClosed && (_closed || _bucket.IsBeyondPatience(now));
            _counted.Change(_waiters.Count, now);
            completed = _waiters.TakeReady(now);
        }

        SendWaiter.CompleteAll(completed);
    }

    /// <summary>Changes the bounds; the learned rate stays, within the new ones, and so do the waiters.</summary>
    public void Apply(SendRateSettings settings) => Update(settings, (bucket, settings) =>
    {
        _settings = settings;
        bucket.Apply(settings, bucket.LookedAt);
        _counted.Change(_waiters.Count, bucket.LookedAt);
    });

    /// <summary>
    /// Goes dormant after a time without any demand, and wakes up when too many come at once; called under the lock.
    /// </summary>
    private bool TryAcquire(double now, out SendPermit permit)
    {
        permit = default;
        _counted.RestIfIdle(_waiters.Count, now);
        if (!IsLimiting && !_counted.TryBegin(out permit))
        {
            _bucket.OnCrowd(_counted.InFlight, now);
            _counted.Change(_waiters.Count, now);
        }

        if (permit.IsFree || _waiters.Count > 0 || !_bucket.TryTake(now, out permit))
        {
            return permit.IsFree;
        }

        _counted.Prepay(now);
        return true;
    }

    private void Settle(SendPermit permit, bool wasSent)
    {
        _counted.Land(permit);
        if (permit.HasToken)
        {
            Update((permit, wasSent), static (bucket, lost) => bucket.TakeBack(lost.permit, lost.wasSent));
        }
    }

    /// <summary>Lets go whoever can go now.</summary>
    /// <remarks>Also while dormant: who came in as the limiter fell asleep must not sleep too.</remarks>
    private void LookAround() => Update(default(object), static (_, _) => { });

    /// <summary>Changes the bucket and lets go whoever can go then.</summary>
    private void Update<T>(T argument, Action<AdaptiveTokenBucket, T> change)
    {
        SendWaiter? completed;
        var time = Time;
        lock (_gate)
        {
            var now = Look(time);
            change(_bucket, argument);
            completed = _waiters.TakeReady(now);
        }

        SendWaiter.CompleteAll(completed);
    }

    /// <summary>Brings all up to date, under the lock; returns the time, not before that of the last look.</summary>
    private double Look(double time) => _counted.Look(_waiters.Count, Math.Max(_bucket.LookedAt, time));
}
