namespace RetryHandler.RateLimiting;

/// <summary>
/// A first-in, first-out queue whose members can leave from anywhere in O(1), and the timer for its head. The caller
/// holds the lock.
/// </summary>
internal sealed class SendWaiterQueue(
    AdaptiveTokenBucket bucket, WakeUpTimer timer, string clientName, TimeProvider timeProvider)
{
    private SendWaiter? _head;
    private SendWaiter? _tail;

    public int Count { get; private set; }

    /// <summary>Gets whether an attempt that came now would have to wait too long, or find no place.</summary>
    public bool WouldReject(double longestWait, int queueLimit, double now, out double expectedWait)
    {
        expectedWait = bucket.WaitFor(Count + 1, now);
        return Count >= queueLimit || expectedWait > longestWait || bucket.IsShut(now);
    }

    /// <summary>Predicts the same for an attempt that comes later.</summary>
    public bool WouldReject(double delay, double longestWait, int queueLimit, double now)
    {
        var expectedWait = bucket.WaitFor(Count + 1, now) - delay;
        return bucket.IsShut(now + delay)
            || (expectedWait > 0 && Count >= queueLimit)
            || expectedWait > Math.Max(0, longestWait);
    }

    /// <summary>Makes the exception of an attempt that can't go.</summary>
    public SendRateLimitedException Rejection(double expectedWait, double now)
    {
        // Where only an answer can tell, "now" would make whoever obeys it come back at once.
        var wait = bucket.NeedsAnswer(now) ? default(TimeSpan?) : Waits.RoundUp(expectedWait);
        return new SendRateLimitedException(clientName, Count, wait, timeProvider.GetUtcNow() + wait);
    }

    public void Enqueue(SendWaiter waiter, double now)
    {
        waiter.IsQueued = true;
        waiter.Previous = _tail;
        if (_tail is null)
        {
            _head = waiter;
        }
        else
        {
            _tail.Next = waiter;
        }

        _tail = waiter;
        Count++;
        if (waiter == _head)
        {
            ScheduleTimer(now);
        }
    }

    /// <summary>Lets a waiter go that no longer wants a token.</summary>
    /// <returns>Whether it waited.</returns>
    public bool TryLeave(SendWaiter waiter, double now)
    {
        if (!waiter.IsQueued)
        {
            return false;
        }

        var wasHead = waiter == _head;
        Remove(waiter);
        if (wasHead)
        {
            ScheduleTimer(now);
        }

        return true;
    }

    /// <summary>Takes out whoever can go or has waited too long; the caller completes them, outside the lock.</summary>
    /// <returns>A chain of waiters, linked by <see cref="SendWaiter.Next"/>.</returns>
    public SendWaiter? TakeReady(double now)
    {
        if (_head is null)
        {
            return null;
        }

        SendWaiter? first = null;
        SendWaiter? last = null;
        while (_head is { } waiter)
        {
            if (bucket.TryTake(now, out var permit))
            {
                waiter.Grant(permit);
            }
            else if (now >= waiter.Deadline || bucket.IsShut(now))
            {
                waiter.Fail(Rejection(bucket.WaitFor(Count, now), now));
            }
            else
            {
                break;
            }

            Remove(waiter);
            first ??= waiter;
            if (last is not null)
            {
                last.Next = waiter;
            }

            last = waiter;
        }

        ScheduleTimer(now);
        return first;
    }

    private void Remove(SendWaiter waiter)
    {
        if (waiter.Previous is null)
        {
            _head = waiter.Next;
        }
        else
        {
            waiter.Previous.Next = waiter.Next;
        }

        if (waiter.Next is null)
        {
            _tail = waiter.Previous;
        }
        else
        {
            waiter.Next.Previous = waiter.Previous;
        }

        waiter.Previous = waiter.Next = null;
        waiter.IsQueued = false;
        Count--;
    }

    /// <summary>Sets the timer for the head; no timer exists while nobody waits.</summary>
    private void ScheduleTimer(double now)
    {
        if (_head is { } head)
        {
            timer.Set(Math.Min(bucket.NextLook(now), head.Deadline - now));
        }
        else
        {
            timer.Stop();
        }
    }
}
