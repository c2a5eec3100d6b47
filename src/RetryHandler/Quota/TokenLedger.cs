namespace RetryHandler.Quota;

/// <summary>A bucket of whole tokens: retries spend them, successes and time put them back.</summary>
internal sealed class TokenLedger(RetryQuotaSettings settings, double now) : IQuotaLedger
{
    private readonly int _capacity = settings.Capacity;
    private readonly double _refillPerSecond = settings.RefillPerMinute / 60;
    private readonly int _firstTryRefund = settings.FirstTryRefund;

    private volatile int _available = settings.Capacity;
    private double _fraction;
    private double _refilledAt = now;

    public bool NeedsNoRefund => _available == _capacity;

    public bool CountsCalls => false;

    public bool FollowsTime => _refillPerSecond > 0;

    public int Available(double now)
    {
        Refill(now);
        return _available;
    }

    public int Capacity(double now) => _capacity;

    public void OnCall(double now)
    {
    }

    public bool TryTake(int cost, double now)
    {
        Refill(now);
        if (_available < cost)
        {
            return false;
        }

        _available -= cost;
        return true;
    }

    public void Return(int cost, double now)
    {
        Refill(now);
        Add(cost);
    }

    // Of several retries only the last is refunded: refunding all would give a failing upstream new ones as fast as it
    // uses them up (AWS rule).
    public void OnSuccess(bool atFirstTry, int cost, double now) => Return(atFirstTry ? _firstTryRefund : cost, now);

    public IQuotaLedger With(RetryQuotaSettings settings, double now)
    {
        var spent = _capacity - Available(now);
        return settings.Kind == RetryQuotaKind.TokenBucket
            ? new TokenLedger(settings, now) { _available = Math.Max(0, settings.Capacity - spent) }
            : new RatioLedger(settings);
    }

    private void Refill(double now)
    {
        _fraction += (now - _refilledAt) * _refillPerSecond;
        _refilledAt = now;

        // A rounding error must not cost a whole token.
        var whole = Math.Floor(_fraction + 1e-9);
        _fraction = Math.Max(0, _fraction - whole);
        Add((int)Math.Min(whole, _capacity));
    }

    private void Add(int tokens) => _available = (int)Math.Min(_capacity, (long)_available + tokens);
}
