namespace RetryHandler.Quota;

/// <summary>Keeps count of what one kind of quota has left. It knows no clock and no lock.</summary>
/// <remarks>Times are seconds on the quota's own monotonic clock; the quota calls it under its lock.</remarks>
internal interface IQuotaLedger
{
    /// <summary>Gets whether a success puts nothing back. Read without the lock, on every call.</summary>
    bool NeedsNoRefund { get; }

    /// <summary>Gets whether it wants to know of every call. Read without the lock, on every call.</summary>
    bool CountsCalls { get; }

    /// <summary>Gets whether time changes it; if not, it is told any time.</summary>
    bool FollowsTime { get; }

    /// <summary>Computes how much is left: tokens, or retries.</summary>
    int Available(double now);

    /// <summary>Computes how much is left when nothing was spent.</summary>
    int Capacity(double now);

    void OnCall(double now);

    bool TryTake(int cost, double now);

    /// <summary>Takes back what a retry paid that was not sent.</summary>
    void Return(int cost, double now);

    /// <summary>Notes a success: of the first attempt, or of a retry that cost so much.</summary>
    void OnSuccess(bool atFirstTry, int cost, double now);

    /// <summary>Makes the ledger for new settings; of the same kind, with as much spent as in this one.</summary>
    IQuotaLedger With(RetryQuotaSettings settings, double now);
}
