namespace RetryHandler.Backoff;

/// <summary>The arithmetic of the waits between attempts: numbers in, numbers out.</summary>
internal static class BackoffCalculator
{
    /// <summary>How far an <c>x-amz-retry-after</c> hint may exceed the computed delay (AWS rule of 2026).</summary>
    private static readonly TimeSpan MaxHintExcess = TimeSpan.FromSeconds(5);

    /// <summary>The widest spread given to callers that were all told the same delay.</summary>
    private static readonly TimeSpan MaxServerDelaySpread = TimeSpan.FromSeconds(1);

    /// <summary>Computes the wait before retry number <paramref name="retryIndex"/>.</summary>
    /// <param name="settings">The settings of the kind of failure just seen.</param>
    /// <param name="retryIndex">How many retries the call has made so far, of whatever kind.</param>
    /// <param name="random">A number in [0, 1).</param>
    /// <param name="adaptiveFactor">By what <see cref="BackoffKind.Adaptive"/> multiplies the delay now.</param>
    public static TimeSpan Compute(
        in BackoffSettings settings, int retryIndex, double random, double adaptiveFactor = 1)
    {
        // The cap comes before the jitter: capped afterwards, a late retry would wait exactly the cap nearly always,
        // and all callers would return together. The floor is where the jitter begins, for the same reason.
        var longest = Math.Min(Grow(settings, retryIndex, adaptiveFactor), settings.MaxDelay.TotalSeconds);
        var shortest = settings.Jitter switch
        {
            JitterKind.Equal => longest / 2,
            JitterKind.None => longest,
            _ => 0,
        };
        shortest = Math.Max(shortest, settings.MinDelay.TotalSeconds);
        return Seconds(shortest + (Math.Max(0, longest - shortest) * random));
    }

    /// <summary>Combines the computed wait with what the upstream asked for.</summary>
    /// <param name="computed">The result of <see cref="Compute"/>.</param>
    /// <param name="serverDelay">A minimum asked for by the upstream.</param>
    /// <param name="boundedHint">An AWS hint, which moves the wait by at most 5 seconds.</param>
    /// <param name="random">A number in [0, 1).</param>
    public static TimeSpan Combine(TimeSpan computed, TimeSpan? serverDelay, TimeSpan? boundedHint, double random)
    {
        var delay = computed;
        if (boundedHint is { } hint)
        {
            delay = Longer(delay, Shorter(hint, computed + MaxHintExcess));
        }

        // Only ever later: a retry a few milliseconds before the instant is refused again (dotnet/extensions#7001).
        // And never exactly at it: 64 callers told "1 second" return as one burst, and most are refused again.
        if (serverDelay is { } minimum && minimum > TimeSpan.Zero)
        {
            delay = Longer(delay, minimum + Seconds(random * Shorter(minimum, MaxServerDelaySpread).TotalSeconds));
        }

        return delay;
    }

    private static double Grow(in BackoffSettings settings, int retryIndex, double adaptiveFactor) =>
        settings.BaseDelay.TotalSeconds * settings.Kind switch
        {
            BackoffKind.Linear => retryIndex + 1.0,
            BackoffKind.Constant => 1,
            BackoffKind.Adaptive => adaptiveFactor * Math.Pow(2, retryIndex),
            _ => Math.Pow(2, retryIndex),
        };

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    // TimeSpan.FromSeconds(double) rounds; a wait must not be rounded down.
    private static TimeSpan Seconds(double seconds) => new((long)Math.Ceiling(seconds * TimeSpan.TicksPerSecond));
}
