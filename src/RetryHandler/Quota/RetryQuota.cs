using System.Diagnostics;

namespace RetryHandler.Quota;

/// <summary>A thread-safe bucket of whole tokens that bounds the retries of all callers of a client.</summary>
[DebuggerDisplay("{Available} of {_capacity} tokens")]
internal sealed class RetryQuota
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _timeProvider;
    private readonly int _capacity;
    private readonly double _refillPerSecond;

    private volatile int _available;
    private double _fraction;
    private long _refilledAt;

    public RetryQuota(int capacity, double refillPerMinute, TimeProvider timeProvider)
        : this(capacity, capacity, refillPerMinute, timeProvider)
    {
    }

    internal RetryQuota(int capacity, int available, double refillPerMinute, TimeProvider timeProvider)
    {
        _capacity = capacity;
        _available = available;
        _refillPerSecond = refillPerMinute / 60;
        _timeProvider = timeProvider;
        _refilledAt = timeProvider.GetTimestamp();
    }

    public int Capacity => _capacity;

    public int Available
    {
        get
        {
            lock (_gate)
            {
                Refill();
                return _available;
            }
        }
    }

    /// <summary>Takes <paramref name="cost"/> tokens, or takes nothing when there are fewer.</summary>
    public bool TryTake(int cost)
    {
        lock (_gate)
        {
            Refill();
            if (_available < cost)
            {
                return false;
            }

            _available -= cost;
            return true;
        }
    }

    /// <summary>Puts tokens back; what does not fit is lost.</summary>
    public void Return(int tokens)
    {
        // Nearly every call of a healthy client comes here with the quota full: no lock for those.
        if (tokens == 0 || _available == _capacity)
        {
            return;
        }

        lock (_gate)
        {
            Refill();
            Add(tokens);
        }
    }

    private void Refill()
    {
        if (_refillPerSecond == 0)
        {
            return;
        }

        var now = _timeProvider.GetTimestamp();
        _fraction += _timeProvider.GetElapsedTime(_refilledAt, now).TotalSeconds * _refillPerSecond;
        _refilledAt = now;

        // A rounding error must not cost a whole token.
        var whole = Math.Floor(_fraction + 1e-9);
        _fraction = Math.Max(0, _fraction - whole);
        Add((int)Math.Min(whole, _capacity));
    }

    private void Add(int tokens) => _available = Math.Min(_capacity, _available + tokens);
}
