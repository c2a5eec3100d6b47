namespace RetryHandler.AspNetCore.Dashboard;

/// <summary>Remembers the counters of the last seconds, to tell what a client did of late.</summary>
internal sealed class RecentWindow(TimeSpan length)
{
    private readonly Queue<(DateTimeOffset At, CallTotals Totals)> _seen = new();

    /// <summary>Notes the counters, and computes what was added since the beginning of the window.</summary>
    public RecentCalls Advance(DateTimeOffset now, CallTotals totals)
    {
        _seen.Enqueue((now, totals));
        while (_seen.Count > 2 && now - _seen.Peek().At > length)
        {
            _seen.Dequeue();
        }

        return RecentCalls.Between(_seen.Peek().Totals, totals);
    }
}
