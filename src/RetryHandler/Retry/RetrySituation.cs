namespace RetryHandler.Retry;

/// <summary>The facts about a call, beside the last verdict, that decide whether it may try again.</summary>
/// <param name="Attempt">How many attempts were made so far.</param>
/// <param name="IsDisabled">Whether the caller ruled out retries for this request.</param>
/// <param name="CanReplay">Whether the request's content can be sent again.</param>
/// <param name="IsIdempotent">Whether sending the request twice has the effect of sending it once.</param>
/// <param name="HasBecomeAnother">Whether the last answer was for another request, that of a followed redirect.</param>
/// <param name="TimeLeft">What is left of the call's total time.</param>
/// <param name="AdaptiveFactor">By what the client's recent success multiplies an adaptive backoff.</param>
/// <param name="MaxAttempts">How many attempts the caller allowed for this request, if it said so.</param>
internal readonly record struct RetrySituation(
    int Attempt,
    bool IsDisabled,
    bool CanReplay,
    bool IsIdempotent,
    bool HasBecomeAnother,
    TimeSpan TimeLeft,
    double AdaptiveFactor = 1,
    int? MaxAttempts = null);
