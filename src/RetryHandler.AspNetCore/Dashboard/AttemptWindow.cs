namespace RetryHandler.AspNetCore.Dashboard;

/// <summary>Remembers the counters of the last seconds, to tell what a client did of late.</summary>
internal sealed class AttemptWindow(TimeSpan length)
{
    private readonly Queue<(DateTimeOffset At, AttemptTotals Totals)> _seen = new();

    /// <summary>Notes the counters, and computes what was added since the beginning of the window.</summary>
    public AttemptTotals Advance(DateTimeOffset now, AttemptTotals totals)
    {
        _seen.Enqueue((now, totals));
        while (_seen.Count > 2 && now - _seen.Peek().At > length)
        {
            _seen.Dequeue();
        }

        var then = _seen.Peek().Totals;
        return new AttemptTotals(
            totals.Succeeded - then.Succeeded,
            totals.Transient - then.Transient,
            totals.Throttled - then.Throttled,
            totals.QuotaExhausted - then.QuotaExhausted,
            totals.Permanent - then.Permanent,
            totals.Abandoned - then.Abandoned);
    }
}
