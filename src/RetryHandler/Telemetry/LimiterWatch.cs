using RetryHandler.RateLimiting;

namespace RetryHandler.Telemetry;

/// <summary>Knows since when and by which rule a limiter slows its partition; tells each change of it once.</summary>
internal sealed class LimiterWatch(ClientTelemetry client, string? partitionKey, SendRateLimiter limiter)
{
    private int _phase;
    private string? _rule = limiter.IsLimiting ? TagValues.InitialRate : null;
    private long _slowedAtTicks = limiter.IsLimiting ? client.UtcNow.UtcTicks : 0;

    // The limiter wakes a moment before its change is told.
    private DateTimeOffset SlowedSince => Interlocked.Read(ref _slowedAtTicks) is > 0 and var ticks
        ? new DateTimeOffset(ticks, TimeSpan.Zero)
        : client.UtcNow;

    /// <summary>Notes the rule that recognised a throttled answer.</summary>
    public void OnThrottled(string? rule) => _rule = rule;

    /// <summary>Looks at the limiter after it learned something.</summary>
    public void OnLearned()
    {
        var phase = limiter.Phase;
        if (Volatile.Read(ref _phase) == (int)phase)
        {
            return;
        }

        var before = (LimiterState)Interlocked.Exchange(ref _phase, (int)phase);
        if (before != phase)
        {
            TellChange(before, phase);
        }
    }

    public SendRateSnapshot TakeSnapshot()
    {
        var state = limiter.State;
        OnLearned(); // It may have gone to rest: without calls nobody else looks.
        return state.IsLimiting
            ? SendRateSnapshots.Of(state, SlowedSince, RuleOf(state))
            : SendRateSnapshots.Of(state);
    }

    private void TellChange(LimiterState before, LimiterState now)
    {
        if (now == LimiterState.Dormant)
        {
            Interlocked.Exchange(ref _slowedAtTicks, 0);
            _rule = null;
        }
        else if (before == LimiterState.Dormant)
        {
            // Not over what is there: a client with an initial rate has been slowed from its beginning.
            Interlocked.CompareExchange(ref _slowedAtTicks, client.UtcNow.UtcTicks, 0);
        }

        var state = limiter.State;
        var rule = RuleOf(state);
        _rule ??= rule; // A budget may be dropped, and the client still be slowed because of it.
        var rate = SendRateSnapshots.RateOf(state);
        switch (now)
        {
            case LimiterState.Dormant:
                client.Log.Restored();
                client.Add(Event(RetryEventKind.Restored));
                break;
            case LimiterState.Closed:
                var pause = TimeSpan.FromSeconds(state.ClosedFor ?? 0);
                client.Log.Closed(rule, pause);
                client.Add(Event(RetryEventKind.Closed) with { Rule = rule, Delay = pause });
                break;
            case LimiterState.Limiting when before == LimiterState.Closed:
                client.Log.Reopened(state);
                client.Add(Event(RetryEventKind.Reopened) with { SendRate = rate });
                break;
            default:
                client.Log.Slowed(rule, state);
                client.Add(Event(RetryEventKind.Slowed) with { Rule = rule, SendRate = rate });
                break;
        }
    }

    private string? RuleOf(in SendRateState state) =>
        state.Kind == LimitKind.PublishedBudget ? TagValues.PublishedBudget : _rule;

    private RetryEvent Event(RetryEventKind kind) =>
        new() { Number = 0, At = client.UtcNow, Kind = kind, Partition = partitionKey };
}
