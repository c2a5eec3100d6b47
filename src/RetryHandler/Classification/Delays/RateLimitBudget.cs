namespace RetryHandler.Classification;

/// <summary>What a response says to be left of a rate limit: how much may be sent until when.</summary>
internal readonly record struct RateLimitBudget
{
    /// <summary>Gets how much is left; 0 when the next request would be refused.</summary>
    public required double Remaining { get; init; }

    /// <summary>Gets how much there is per window.</summary>
    public double? Limit { get; init; }

    /// <summary>
    /// Gets in what time from now there is more. For sliding limits it is the time until all is back (OpenAI).
    /// </summary>
    public TimeSpan? ResetIn { get; init; }

    /// <summary>Gets the length of the window.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>
    /// Gets whether requests are counted. Otherwise it is tokens, points or bytes, so that only a remaining 0 tells
    /// anything of the next request.
    /// </summary>
    public bool CountsRequests { get; init; }

    /// <summary>
    /// Gets the part of the API that the limit is for: GitHub's resource, the bucket of Discord's route. Other requests
    /// of the same client may have other limits, of which this one says nothing.
    /// </summary>
    public string? Scope { get; init; }

    private double Part => Remaining / Limit ?? double.MaxValue;

    private double PartPerSecond =>
        Limit is not null && (ResetIn ?? Window) is { Ticks: > 0 } time ? Part / time.TotalSeconds : double.MaxValue;

    /// <summary>Reads the limit that binds most, of those that the headers report.</summary>
    /// <returns><see langword="false"/> when nothing usable is reported.</returns>
    /// <remarks>
    /// Limits per day or longer are left out: they are for the caller to plan with. So is what a cache repeats.
    /// </remarks>
    public static bool TryRead(HttpResponseMessage response, TimeProvider timeProvider, out RateLimitBudget budget)
    {
        budget = default;
        var headers = response.Headers.NonValidated;
        foreach (var (name, _) in headers)
        {
            if (LimitNames.IsField(name) || LimitNames.IndexOfRemaining(name) >= 0)
            {
                var found = ServerDelays.IsFromCache(headers)
                    ? null
                    : new RateLimitBudgetReader(headers, new ServerClock(response, timeProvider)).Read();
                budget = found.GetValueOrDefault();
                return found is not null;
            }
        }

        return false;
    }

    /// <summary>
    /// Finds whether this limit ends the sending sooner: what is used up before what is not, then the smaller part of
    /// its limit per time until the reset.
    /// </summary>
    public bool BindsMoreThan(in RateLimitBudget other) =>
        Remaining == 0 || other.Remaining == 0
            ? Remaining == 0 && (other.Remaining != 0 || (ResetIn ?? default) > (other.ResetIn ?? default))
            : (PartPerSecond, Part, Remaining).CompareTo((other.PartPerSecond, other.Part, other.Remaining)) < 0;
}
