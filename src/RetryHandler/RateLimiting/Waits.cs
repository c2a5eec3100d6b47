namespace RetryHandler.RateLimiting;

/// <summary>Waiting on a <see cref="TimeProvider"/>, never for less than was asked.</summary>
internal static class Waits
{
    /// <summary>
    /// Timers reach about 49 days; a longer wait is cut into pieces, because nothing that an upstream writes into a
    /// header may throw out of a timer.
    /// </summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    /// <summary>
    /// A wait shorter than this is no wait: it would not move the clock, and the waiter would spin (smithy-rs#4749).
    /// </summary>
    private const double Shortest = 1e-9;

    /// <summary>Gets the seconds to wait, or 0 when there is nothing to wait for but a rounding error.</summary>
    public static double OrNone(double seconds) => seconds > Shortest ? seconds : 0;

    /// <summary>
    /// Rounds up to whole milliseconds, because timers drop the fraction and would fire early; less than a nanosecond
    /// over is a rounding error of the arithmetic.
    /// </summary>
    public static TimeSpan RoundUp(double seconds) =>
        !(seconds < LongestTimer.TotalSeconds) ? LongestTimer
        : seconds <= 0 ? TimeSpan.Zero
        : TimeSpan.FromMilliseconds(Math.Ceiling((seconds * 1000) - 1e-6));

    /// <summary>Waits; ends no sooner than <paramref name="delay"/> from now, by the provider's clock.</summary>
    public static async ValueTask DelayAsync(
        TimeSpan delay, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var start = timeProvider.GetTimestamp();
        for (var left = delay; left > TimeSpan.Zero; left = delay - timeProvider.GetElapsedTime(start))
        {
            // Timers may fire some milliseconds early by the high-resolution clock (dotnet/extensions#7001).
            await Task.Delay(RoundUp(left.TotalSeconds), timeProvider, cancellationToken).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }
}
