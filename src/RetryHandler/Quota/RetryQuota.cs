using System.Diagnostics;

namespace RetryHandler.Quota;

/// <summary>The thread-safe bound on the retries of all callers of a client.</summary>
[DebuggerDisplay("{Available} left")]
internal sealed class RetryQuota
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _timeProvider;
    private readonly long _origin;

    private volatile IQuotaLedger _ledger;
    private int _missing;

    public RetryQuota(RetryQuotaSettings settings, TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _origin = timeProvider.GetTimestamp();
        _ledger = settings.Kind == RetryQuotaKind.Ratio ? new RatioLedger(settings) : new TokenLedger(settings, now: 0);
    }

    /// <summary>Gets how much is left: tokens, or retries.</summary>
    public int Available
    {
        get
        {
            lock (_gate)
            {
                return _ledger.Available(Now);
            }
        }
    }

    /// <summary>Gets how much is left at most.</summary>
    public int Capacity
    {
        get
        {
            lock (_gate)
            {
                return _ledger.Capacity(Now);
            }
        }
    }

    /// <summary>Gets whether the last retry that was asked for found too little, and still would.</summary>
    public bool IsShort
    {
        get
        {
            lock (_gate)
            {
                var now = Now;
                return _ledger.Available(now) < _missing && _ledger.Capacity(now) > 0;
            }
        }
    }

    // A look at the clock takes longer (28 ns) than all the rest.
    private double Now => _ledger.FollowsTime ? Elapsed : 0;

    private double Elapsed => _timeProvider.GetElapsedTime(_origin).TotalSeconds;

    /// <summary>Notes that a call begins.</summary>
    public void OnCall()
    {
        if (_ledger.CountsCalls)
        {
            lock (_gate)
            {
                _ledger.OnCall(Now);
            }
        }
    }

    /// <summary>Pays for a retry, or takes nothing when too little is left.</summary>
    public bool TryTake(int cost)
    {
        if (cost == 0)
        {
            return true;
        }

        lock (_gate)
        {
            var isTaken = _ledger.TryTake(cost, Now);
            _missing = isTaken ? 0 : cost;
            return isTaken;
        }
    }

    /// <summary>Takes back what a retry paid that was not sent.</summary>
    public void Return(int cost)
    {
        if (cost == 0)
        {
            return;
        }

        lock (_gate)
        {
            _ledger.Return(cost, Now);
        }
    }

    /// <summary>Notes that a call succeeded: at its first try, or by a retry that cost so much.</summary>
    public void OnSuccess(bool atFirstTry, int cost)
    {
        // Nearly every call of a healthy client comes here with the quota full: no lock for those.
        if (_ledger.NeedsNoRefund || (cost == 0 && !atFirstTry))
        {
            return;
        }

        lock (_gate)
        {
            _ledger.OnSuccess(atFirstTry, cost, Now);
        }
    }

    /// <summary>Changes the bounds; what was spent stays spent.</summary>
    public void Apply(RetryQuotaSettings settings)
    {
        lock (_gate)
        {
            _ledger = _ledger.With(settings, Elapsed);
            _missing = 0;
        }
    }
}
