namespace RetryHandler;

/// <summary>Whether, how much and why a client is slowed.</summary>
public sealed record SendRateSnapshot
{
    /// <summary>Gets what the limiter does.</summary>
    public required LimiterState State { get; init; }

    /// <summary>Gets the sort of limit that was found.</summary>
    public LimitKind Kind { get; init; }

    /// <summary>Gets the attempts per second that the limiter lets through.</summary>
    /// <remarks>Of a window: how many it has room for, divided by its length.</remarks>
    /// <value>
    /// <see langword="null"/> where no rate is the bound: while the limiter is dormant, for a limit on concurrency, and
    /// for a window whose length is not known yet.
    /// </value>
    public double? SendRate { get; init; }

    /// <summary>Gets how many attempts may be on their way at the same time.</summary>
    /// <value><see langword="null"/> unless <see cref="Kind"/> is <see cref="LimitKind.Concurrency"/>.</value>
    public int? MaxConcurrency { get; init; }

    /// <summary>Gets for how many attempts a window of the upstream has room.</summary>
    /// <value><see langword="null"/> unless <see cref="Kind"/> is <see cref="LimitKind.Window"/>.</value>
    public int? WindowCount { get; init; }

    /// <summary>Gets how long a window of the upstream lasts.</summary>
    /// <value><see langword="null"/> while that is not known, and for every other kind of limit.</value>
    public TimeSpan? WindowLength { get; init; }

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
    /// Gets the rule that recognised the last throttled answer, for example <c>status-429</c>; <c>published-budget</c>
    /// while the client keeps to a budget that the upstream publishes; <c>initial-rate</c> while nothing but
    /// <see cref="SendRateOptions.InitialRate"/> slows it.
    /// </summary>
    /// <value><see langword="null"/> while the limiter is dormant.</value>
    public string? SlowedBy { get; init; }

    /// <summary>Gets for how much longer nothing is sent, before one attempt probes.</summary>
    /// <remarks>
    /// Calls wait for the end of a pause, unless it is longer than they may: then <see cref="State"/> is
    /// <see cref="LimiterState.Closed"/>.
    /// </remarks>
    /// <value><see langword="null"/> without a pause; 0 from its end until the probe is answered.</value>
    public TimeSpan? PausedFor { get; init; }
}
