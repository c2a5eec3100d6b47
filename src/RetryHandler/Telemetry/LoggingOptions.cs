using Microsoft.Extensions.Logging;

namespace RetryHandler;

/// <summary>The levels at which one client logs; <see cref="LogLevel.None"/> silences a kind of message.</summary>
public sealed class LoggingOptions
{
    /// <summary>Gets or sets the level of "retry needed, retrying".</summary>
    /// <value>The default is <see cref="LogLevel.Information"/>: a retry is no failure yet.</value>
    public LogLevel Retry { get; set; } = LogLevel.Information;

    /// <summary>Gets or sets the level of failures that are returned to the caller, or not sent at all.</summary>
    /// <value>The default is <see cref="LogLevel.Warning"/>.</value>
    public LogLevel GaveUp { get; set; } = LogLevel.Warning;

    /// <summary>Gets or sets the level of changes of the send-rate limiter and the circuit breaker.</summary>
    /// <remarks>Once for each change, not for each call.</remarks>
    /// <value>The default is <see cref="LogLevel.Information"/>.</value>
    public LogLevel Change { get; set; } = LogLevel.Information;

    /// <summary>Gets or sets the level of details: each failed attempt, each wait for a token.</summary>
    /// <value>The default is <see cref="LogLevel.Debug"/>.</value>
    public LogLevel Detail { get; set; } = LogLevel.Debug;
}
