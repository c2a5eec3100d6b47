namespace RetryHandler.RateLimiting;

/// <summary>
/// The attempts that are sent while the limiter is dormant: how many are on their way, and what the upstream accepted
/// that the controller has not been told of.
/// </summary>
/// <remarks>
/// Each costs two atomic additions (12 ns) instead of a lock, a look at the clock and the controller's arithmetic
/// (130 ns). While acceptances are rare, up to some hundred a second, each is told when it comes; more are only
/// counted, 10 to 40 milliseconds at a time, and told when the upstream refuses something.
/// </remarks>
internal sealed class FreeAttempts
{
    private const long OneInFlight = 1L << 32;
    private const double ShortestLook = 0.01;
    private const double LongestLook = 0.04;
    private const int LargestBatch = 4096;

    // Those on their way in the upper half, acceptances since the last look in the lower one.
    private long _counts;
    private volatile int _batch = 1;
    private volatile int _most = int.MaxValue;
    private double _lookedAt;
    private UntoldAcceptances _untold;

    public int InFlight => (int)(Volatile.Read(ref _counts) >> 32);

    /// <summary>Gets or sets how many may be on their way: more are more than the upstream has left.</summary>
    public int Most
    {
        get => _most;
        set
        {
            // Written by many answers and read by every attempt: mostly it stays.
            if (_most != value)
            {
                _most = value;
            }
        }
    }

    public bool IsBounded => _most != int.MaxValue;

    /// <summary>Begins an attempt, unless there are too many.</summary>
    public bool TryTake(out SendPermit permit)
    {
        permit = SendPermit.Free;
        if ((int)(Interlocked.Add(ref _counts, OneInFlight) >> 32) <= _most)
        {
            return true;
        }

        Land(permit);
        permit = default;
        return false;
    }

    /// <summary>Ends an attempt, if it is one of these.</summary>
    public void Land(SendPermit permit)
    {
        if (permit.IsFree)
        {
            Interlocked.Add(ref _counts, -OneInFlight);
        }
    }

    /// <summary>Ends an attempt that the upstream accepted.</summary>
    /// <returns>Whether it is time for <see cref="Look"/>.</returns>
    public bool EndAccepted() => unchecked((int)Interlocked.Add(ref _counts, 1 - OneInFlight)) >= _batch;

    /// <summary>
    /// Looks at what was accepted since the last look; under the limiter's lock, like all that follows.
    /// </summary>
    /// <returns>How many there were.</returns>
    public int Look(double now)
    {
        var count = unchecked((int)Volatile.Read(ref _counts));
        if (count == 0)
        {
            return 0;
        }

        Interlocked.Add(ref _counts, -count);
        _untold.Add(count, _lookedAt, now);
        var passed = now - _lookedAt;
        _batch = passed < ShortestLook ? Math.Min(2 * _batch, LargestBatch)
            : passed > LongestLook ? Math.Max(_batch / 2, 1)
            : _batch;
        _lookedAt = now;
        return count;
    }

    /// <summary>Tells what was only counted.</summary>
    /// <param name="bucket">Whom to tell.</param>
    /// <param name="isLate">Whether to tell also when more is counted before that is told.</param>
    /// <param name="now">The time in seconds.</param>
    public void TellTo(AdaptiveTokenBucket bucket, bool isLate, double now)
    {
        if (_untold.IsEmpty || (!isLate && _batch > 1))
        {
            return;
        }

        var (earlier, since, recent) = _untold.Take(now);
        for (var i = 0; i < earlier + recent; i++)
        {
            bucket.OnResponse(SendPermit.Free, default, InFlight, mayRest: false, i < earlier ? since : now);
        }
    }
}
