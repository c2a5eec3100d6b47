namespace RetryHandler.RateLimiting;

/// <summary>Counts the attempts that are on their way without a token; thread-safe, without a lock.</summary>
internal sealed class FreePasses
{
    private int _count;
    private volatile int _most = int.MaxValue;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Gets or sets how many there may be: more than that come at once than the upstream has left.</summary>
    public int Most
    {
        get => _most;
        set
        {
            // Written by every answer and read by every attempt: mostly it stays.
            if (_most != value)
            {
                _most = value;
            }
        }
    }

    public bool TryTake(out SendPermit permit)
    {
        if (Interlocked.Increment(ref _count) <= _most)
        {
            permit = SendPermit.Free;
            return true;
        }

        Interlocked.Decrement(ref _count);
        permit = default;
        return false;
    }

    public void Land(SendPermit permit)
    {
        if (permit.IsFree)
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
