namespace RetryHandler.RateLimiting;

/// <summary>
/// What happens without the limiter's lock, because nobody learns more from it than a number: attempts while the
/// limiter is dormant or has tokens to spare, and acceptances.
/// </summary>
/// <remarks>
/// Each costs an atomic addition (6 ns) instead of a lock, a look at the clock and the arithmetic (130 ns). As long as
/// there are no more than about a thousand a second, each acceptance is told when it comes. Of more, 1 to 4
/// milliseconds' worth at a time while the limiter is dormant; while it limits, tokens are paid in advance
/// (<see cref="CalmTraffic"/>), and what was accepted is told when they are spent. A refusal, and whoever asks for the
/// state, has all told at once.
/// </remarks>
internal sealed class CountedAttempts(AdaptiveTokenBucket bucket)
{
    private const long OneInFlight = 1L << 32;
    private const double ShortestLook = 0.001;
    private const double LongestLook = 0.004;
    private const int LargestBatch = 4096;

    // Those without a token: on their way in the upper half, accepted since the last look in the lower one.
    private long _free;

    // Those with a token: accepted since the last look; tokens left, of how many, and since when.
    private int _paced;
    private int _left;
    private int _paid;
    private double _paidAt;

    private volatile bool _isLimiting = bucket.IsLimiting;
    private volatile CountedPermits _counted = bucket.Counted(waiting: 0);
    private volatile int _batch = 1;
    private volatile int _most = int.MaxValue;
    private double _toldAt;

    /// <summary>Gets whether attempts need a token.</summary>
    public bool IsLimiting => _isLimiting;

    /// <summary>Gets how many attempts without a token are on their way.</summary>
    public int InFlight => (int)(Volatile.Read(ref _free) >> 32);

    /// <summary>Begins an attempt, if that needs no look at the bucket.</summary>
    public bool TryBegin(out SendPermit permit) =>
        _isLimiting ? TryBeginPrepaid(out permit) : TryBeginFree(out permit);

    /// <summary>Ends an attempt, if it is one without a token.</summary>
    public void Land(SendPermit permit)
    {
        if (permit.IsFree)
        {
            Interlocked.Add(ref _free, -OneInFlight);
        }
    }

    /// <summary>Ends an attempt that the upstream accepted, if that is only counted.</summary>
    /// <param name="permit">Its permit.</param>
    /// <param name="isDue">Whether it is time for a look.</param>
    public bool TryCount(SendPermit permit, out bool isDue)
    {
        isDue = false;
        switch (_counted)
        {
            case CountedPermits.Free when permit.IsFree:
                isDue = unchecked((int)Interlocked.Add(ref _free, 1 - OneInFlight)) >= _batch;
                return true;
            case CountedPermits.Paced when permit is { HasToken: true, IsProbe: false }:
                Interlocked.Increment(ref _paced);
                isDue = _counted != CountedPermits.Paced; // Whoever has changed it may have missed this one.
                return true;
            default:
                return false;
        }
    }

    /// <summary>Brings the bucket up to date; under the lock, like all that follows.</summary>
    /// <param name="waiting">How many callers have been waiting since the last look.</param>
    /// <param name="now">The time in seconds.</param>
    /// <returns>The time.</returns>
    public double Look(int waiting, double now)
    {
        var from = bucket.LookedAt;
        bucket.Refill(waiting > 0, now, TakeBack());
        if (Tell(waiting, from, now))
        {
            Change(waiting, now);
        }

        return now;
    }

    /// <summary>Lets the bucket go dormant when nothing was sent for a healthy time.</summary>
    public void RestIfIdle(int waiting, double now)
    {
        if (_isLimiting && !bucket.RestIfIdle(waiting, now))
        {
            Change(waiting, now);
        }
    }

    /// <summary>Pays for attempts to come, when one was let go.</summary>
    public void Prepay(double now)
    {
        if (bucket.Prepay() is > 0 and var paid)
        {
            _paid = paid;
            Volatile.Write(ref _paidAt, now);
            Volatile.Write(ref _left, paid);
        }
    }

    /// <summary>Does what the bucket does now.</summary>
    public void Change(int waiting, double now)
    {
        do
        {
            // Written by many answers and read by every attempt: mostly they stay.
            var (isLimiting, counted) = (bucket.IsLimiting, bucket.Counted(waiting));
            var most = (int)Math.Min(int.MaxValue, bucket.MostWhileDormant);
            if (_isLimiting == isLimiting && _most == most && _counted == counted)
            {
                return;
            }

            (_isLimiting, _most, _counted) = (isLimiting, most, counted);

            // Whose token was paid sees the change after counting, or is told of here.
            Interlocked.MemoryBarrier();
        }
        while (Tell(waiting, now, now));
    }

    private PrepaidTokens TakeBack()
    {
        if (_paid == 0)
        {
            return default;
        }

        var result = new PrepaidTokens(_paid, Math.Max(0, Interlocked.Exchange(ref _left, 0)));
        _paid = 0;
        return result;
    }

    /// <summary>Tells the bucket what was counted since the last look.</summary>
    /// <returns>Whether there was anything.</returns>
    private bool Tell(int waiting, double from, double now)
    {
        var paced = Volatile.Read(ref _paced) == 0 ? 0 : Interlocked.Exchange(ref _paced, 0);
        var free = unchecked((int)Volatile.Read(ref _free));
        if (free > 0)
        {
            Interlocked.Add(ref _free, -free);
            var passed = now - _toldAt;
            _batch = passed < ShortestLook ? Math.Min(2 * _batch, LargestBatch)
                : passed > LongestLook ? Math.Max(_batch / 2, 1)
                : _batch;
            _toldAt = now;
        }

        if (paced + free == 0)
        {
            return false;
        }

        bucket.OnAccepted(new CountedAcceptances(paced + free, paced, from), mayRest: waiting == 0, now);
        return true;
    }

    private bool TryBeginFree(out SendPermit permit)
    {
        permit = SendPermit.Free;
        if ((int)(Interlocked.Add(ref _free, OneInFlight) >> 32) <= _most)
        {
            return true;
        }

        Land(permit);
        permit = default;
        return false;
    }

    private bool TryBeginPrepaid(out SendPermit permit)
    {
        var paidAt = Volatile.Read(ref _paidAt); // Before the token is taken: never too late.
        var isPaid = Volatile.Read(ref _left) > 0 && Interlocked.Decrement(ref _left) >= 0;
        permit = isPaid ? new SendPermit(HasToken: true, IsProbe: false, paidAt) { IsPrepaid = true } : default;
        return isPaid;
    }
}
