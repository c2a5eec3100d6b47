namespace RetryHandler.RateLimiting;

/// <summary>What one answer says of a budget that the upstream publishes.</summary>
/// <param name="Remaining">How many requests are left.</param>
/// <param name="ResetIn">In how many seconds there are more, as the upstream rounds it.</param>
internal readonly record struct BudgetReading(double Remaining, double ResetIn)
{
    /// <summary>Gets how many requests there are for each window.</summary>
    public double? Limit { get; init; }

    /// <summary>Gets the length of the window in seconds.</summary>
    public double? Window { get; init; }

    /// <summary>Gets the part of the API that the budget is for.</summary>
    public string? Scope { get; init; }

    /// <summary>Gets whether it counts something else: tokens, points or bytes.</summary>
    public bool IsOfOtherUnits { get; init; }

    /// <summary>Gets whether the numbers make sense, and are of requests.</summary>
    public bool IsUsable => !IsOfOtherUnits && Remaining >= 0 && ResetIn >= 0 && !(Remaining > Limit);

    /// <summary>Finds whether both may be of the same budget: nothing that both name is different.</summary>
    public bool IsOfSameBudget(in BudgetReading other) =>
        (Limit ?? other.Limit) == (other.Limit ?? Limit)
        && (Window ?? other.Window) == (other.Window ?? Window)
        && (Scope ?? other.Scope) == (other.Scope ?? Scope);
}
