using System.Diagnostics.CodeAnalysis;
using RetryHandler.Classification;
using RetryHandler.RateLimiting;

namespace RetryHandler.Retry;

/// <summary>Finds in answers what the upstream publishes of its budget.</summary>
/// <remarks>
/// Most upstreams publish nothing, and to look at every header of every answer would cost more than all else: when the
/// first answers had nothing, only each sixteenth is looked at, until one has.
/// </remarks>
internal sealed class BudgetWatch(bool isOn, TimeProvider timeProvider)
{
    private const int First = 16;
    private const int Step = 16;

    // Counted without synchronisation: a lost count only moves the next look.
    private int _without;

    /// <summary>Finds whether an answer is to be looked at; counts those that are not.</summary>
    public bool IsDue([NotNullWhen(true)] HttpResponseMessage? response, FailureKind kind)
    {
        if (!isOn || response is null || kind is FailureKind.Transient or FailureKind.QuotaExhausted)
        {
            return false;
        }

        var without = _without;
        if (without <= First)
        {
            return true;
        }

        _without = without < First + Step ? without + 1 : First;
        return false;
    }

    /// <summary>Looks at an answer that is due.</summary>
    public BudgetReading? Read(HttpResponseMessage response, FailureKind kind)
    {
        var without = _without;
        if (!RateLimitBudget.TryRead(response, timeProvider, out var budget))
        {
            _without = without + 1;
            return null;
        }

        if (without != 0)
        {
            _without = 0;
        }

        // A reset beyond the window is one by a clock that is wrong.
        var reset = budget.ResetIn > budget.Window ? budget.Window : budget.ResetIn ?? budget.Window;

        // That nothing is left is believed of what was taken or throttled: some APIs say it with every other error.
        return reset is { } time && (kind != FailureKind.Permanent || budget.Remaining >= 1)
            ? new BudgetReading(budget.Remaining, time.TotalSeconds)
            {
                Limit = budget.Limit,
                Window = budget.Window?.TotalSeconds,
                Scope = budget.Scope,
                IsOfOtherUnits = !budget.CountsRequests,
            }
            : null;
    }
}
