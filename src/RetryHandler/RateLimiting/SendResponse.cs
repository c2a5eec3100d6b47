namespace RetryHandler.RateLimiting;

/// <summary>One response, as far as the limiter is concerned.</summary>
/// <param name="Feedback">What it says about the limit.</param>
/// <param name="ServerDelay">How long the upstream asks to wait; zero when it does not say.</param>
internal readonly record struct SendResponse(SendFeedback Feedback, TimeSpan ServerDelay = default)
{
    /// <summary>
    /// An acceptance that says no more, as nearly every response: passed by reference, because to clear a value of this
    /// size for each call would take 10 ns.
    /// </summary>
    public static readonly SendResponse Accepted;

    /// <summary>Gets what it says of a budget; nothing when it says nothing.</summary>
    public BudgetReading? Budget { get; init; }
}
