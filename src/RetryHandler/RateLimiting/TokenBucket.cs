using System.Diagnostics;

namespace RetryHandler.RateLimiting;

/// <summary>
/// A fractional token bucket, refilled from elapsed time whenever it is looked at: numbers in, numbers out.
/// </summary>
/// <remarks>Times are seconds on the limiter's own monotonic clock. The caller holds the lock.</remarks>
[DebuggerDisplay("{Tokens} of {Capacity} tokens, {FillRate}/s")]
internal struct TokenBucket
{
    /// <summary>What part of the tokens is paid in advance at most: a burst finds the others.</summary>
    private const double PrepaidShare = 0.25;

    private double? _refilledAt;

    public double Tokens { get; private set; }

    public double Capacity { get; private set; }

    public double FillRate { get; private set; }

    public void SetRate((double FillRate, double Capacity) bounds, double now) =>
        SetRate(bounds.FillRate, bounds.Capacity, now);

    /// <summary>Moves the fill rate; time that has passed counts at the old rate.</summary>
    public void SetRate(double fillRate, double capacity, double now)
    {
        Refill(now);
        FillRate = fillRate;
        Capacity = capacity;
        Tokens = Math.Min(Tokens, capacity);
    }

    public void Refill(double now)
    {
        if (_refilledAt is { } refilledAt && now > refilledAt)
        {
            Tokens = Math.Min(Capacity, Tokens + ((now - refilledAt) * FillRate));
        }

        _refilledAt = now;
    }

    /// <summary>Takes one token, or takes nothing when there is less than one.</summary>
    public bool TryTake()
    {
        if (WaitFor(1) > 0)
        {
            return false;
        }

        Tokens = Math.Max(0, Tokens - 1);
        return true;
    }

    /// <summary>Takes so many tokens to be spent without asking, and a quarter of those there at most.</summary>
    /// <returns>How many.</returns>
    public int Prepay(double most)
    {
        var count = (int)Math.Max(0, Math.Min(most, PrepaidShare * Tokens)); // None while some are owed.
        Tokens -= count;
        return count;
    }

    /// <summary>Brings the tokens up to date, and takes back what was not spent of those that were paid.</summary>
    /// <remarks>The others may have been spent just now: what comes in before fills no place that they had.</remarks>
    public void Refill(PrepaidTokens prepaid, double now)
    {
        Tokens += prepaid.Paid;
        Refill(now);
        Tokens -= prepaid.Paid - prepaid.Left;
    }

    /// <summary>Gives up the tokens that are there, and as many of those to come.</summary>
    public void Owe(double? tokens) => Tokens = -tokens ?? Tokens;

    public void Return() => Tokens = Math.Min(Capacity, Tokens + 1);

    /// <summary>Computes the seconds until <paramref name="tokens"/> tokens will have come in.</summary>
    public readonly double WaitFor(double tokens) => Waits.OrNone((tokens - Tokens) / FillRate);
}
