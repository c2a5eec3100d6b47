namespace RetryHandler;

/// <summary>Whether, how much and why a client is slowed.</summary>
public sealed record SendRateSnapshot
{
    /// <summary>Gets what the limiter does.</summary>
    public required LimiterState State { get; init; }

    /// <summary>Gets the sort of limit that was found.</summary>
    public LimitKind Kind { get; init; }

    /// <summary>Gets the attempts per second that the limiter lets through.</summary>
    /// <value><see langword="null"/> while it is dormant: there is no bound.</value>
    public double? SendRate { get; init; }

    /// <summary>Gets the attempts per second that were answered, as the limiter measured them.</summary>
    public double MeasuredRate { get; init; }

    /// <summary>Gets the tokens at hand.</summary>
    public double Tokens { get; init; }

    /// <summary>Gets how many callers wait for a token.</summary>
    public int Waiting { get; init; }

    /// <summary>Gets since when the client has been slowed.</summary>
    /// <value><see langword="null"/> while the limiter is dormant.</value>
    public DateTimeOffset? SlowedSince { get; init; }

    /// <summary>
    /// Gets the rule that recognised the last throttled answer, for example <c>status-429</c>; while the client keeps
    /// to a budget that the upstream publishes, <c>published-budget</c>.
    /// </summary>
    /// <value><see langword="null"/> while the limiter is dormant.</value>
    public string? SlowedBy { get; init; }

    /// <summary>Gets how long the upstream wants nothing sent.</summary>
    /// <value><see langword="null"/> unless <see cref="State"/> is <see cref="LimiterState.Closed"/>.</value>
    public TimeSpan? ClosedFor { get; init; }
}
