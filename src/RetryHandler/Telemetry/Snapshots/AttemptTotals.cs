namespace RetryHandler;

/// <summary>How many attempts were sent, by what came back.</summary>
/// <param name="Succeeded">Answered with success.</param>
/// <param name="Transient">Ended with a fault that may pass.</param>
/// <param name="Throttled">Refused because of rate, concurrency or overload control.</param>
/// <param name="QuotaExhausted">Refused because a daily, monthly or billing limit is used up.</param>
/// <param name="Permanent">Answered with an error that would come again, a 404 for example.</param>
/// <param name="Abandoned">Left by their caller, or cut off by the call's total time.</param>
public sealed record AttemptTotals(
    long Succeeded, long Transient, long Throttled, long QuotaExhausted, long Permanent, long Abandoned)
{
    /// <summary>Gets all of them: what the upstream saw.</summary>
    public long Total => Succeeded + Transient + Throttled + QuotaExhausted + Permanent + Abandoned;
}
