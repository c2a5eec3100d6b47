namespace RetryHandler.Load.Rate;

/// <summary>An upstream with a limit, a load, and what is to come out.</summary>
/// <param name="Name">As the command line takes it.</param>
/// <param name="Title">As the table shows it.</param>
/// <param name="Behaviour">The upstream, in FlakyUpstream's language, without a key.</param>
/// <param name="IdealSeconds">The time of a client who knows the limit, by the number of calls.</param>
internal sealed record RateScenario(string Name, string Title, string Behaviour, Func<int, double> IdealSeconds)
{
    private const double Rate = 200;
    private const double Burst = 20;
    private const double WindowCount = 600;
    private const double WindowSeconds = 3;
    private const double Slots = 8;
    private const double ServiceSeconds = 0.05;

    public static IReadOnlyList<RateScenario> All { get; } =
    [
        new("bucket", "token bucket 200/s, burst 20", "token-bucket?rate=200&burst=20", OfBucket)
        {
            MaxTime = 1.1, MaxAttempts = 1.05, MaxTail = 1.5,
        },
        new("hint", "the same, `Retry-After: 1`", "token-bucket?rate=200&burst=20&retryAfter=1", OfBucket)
        {
            MaxTime = 1.1, MaxAttempts = 1.05, MaxTail = 1.5,
        },
        new("window", "window 600 per 3 s, `Retry-After`", "fixed-window?count=600&period=3&retryAfter=exact",
            static calls => (Math.Ceiling(calls / WindowCount) - 1) * WindowSeconds)
        {
            MaxTime = 1.1, MaxAttempts = 1.08, MaxTail = 3.5,
        },
        new("overload", "8 at once, 50 ms, 503 on excess", "concurrency?limit=8&delay=50",
            static calls => calls / Slots * ServiceSeconds)
        {
            MaxTime = 1.25, MaxAttempts = 1.15, MaxTail = 1.5,
        },
        new("open", "token bucket 200/s, burst 20; 300 calls/s come", "token-bucket?rate=200&burst=20", OfBucket)
        {
            CallsPerSecond = 300, MaxAttempts = 1.05,
        },
        new("published-bucket", "token bucket 200/s, burst 100, `X-RateLimit-Remaining`",
            "token-bucket?rate=200&burst=100&publish=seconds", static calls => Math.Max(0, calls - 100) / Rate)
        {
            MaxTime = 1.1, MaxAttempts = 1, MaxTail = 1.5,
        },
        new("published-window", "window 600 per 3 s, `RateLimit`", "fixed-window?count=600&period=3&publish=ietf",
            static calls => calls / WindowCount * WindowSeconds)
        {
            // Spread over the windows, and not spent at the beginning of each.
            MaxTime = 1.1, MaxAttempts = 1, MaxTail = 1.5,
        },
    ];

    /// <summary>Gets how many calls come each second, whatever becomes of them; without it, callers make one call
    /// after the other.</summary>
    public double? CallsPerSecond { get; init; }

    /// <summary>Gets how many times the ideal time it may take.</summary>
    public double? MaxTime { get; init; }

    public double MaxAttempts { get; init; }

    /// <summary>Gets the longest that all but one of a hundred calls may take, in seconds.</summary>
    public double? MaxTail { get; init; }

    /// <summary>Gets when a run is ended: far beyond what is to come out, so that a client that hangs is seen.</summary>
    public TimeSpan TimeLimit(int calls) => TimeSpan.FromSeconds(30 + (3 * IdealSeconds(calls)));

    private static double OfBucket(int calls) => Math.Max(0, calls - Burst) / Rate;
}
