using System.Globalization;

namespace RetryHandler.Simulation.Upstreams;

/// <summary>How an upstream publishes its limit in the headers of every answer.</summary>
/// <param name="write">Makes the headers, by what is left, of how much, and the instants of now and the reset.</param>
internal sealed class Publication(Func<Publication.Budget, IReadOnlyList<(string Name, string Value)>> write)
{
    /// <summary>draft-ietf-httpapi-ratelimit-headers from revision 08 on: whole seconds to the reset.</summary>
    public static Publication Ietf { get; } = new(static budget =>
    [
        ("RateLimit-Policy", Text($"\"default\";q={budget.Quota};w={budget.Window}")),
        ("RateLimit", Text($"\"default\";r={budget.Remaining};t={WholeSeconds(budget)}")),
    ]);

    /// <summary>The usual names, with the reset in whole seconds from now: Kong, Envoy.</summary>
    public static Publication InSeconds { get; } = new(static budget =>
        Named(budget, Text($"{WholeSeconds(budget)}")));

    /// <summary>The usual names, with the reset in a fraction of seconds from now.</summary>
    public static Publication Exact { get; } = new(static budget => Named(budget, Text($"{budget.ResetIn:0.000}")));

    /// <summary>The usual names, with the reset as an instant, and the upstream's own time: GitHub.</summary>
    public static Publication Epoch { get; } = new(static budget =>
    [
        .. Named(budget, Text($"{Math.Ceiling((Start + budget.Now + budget.ResetIn) - 1e-6):0}")),
        ("Date", SimulatedTime.TrueTime(budget.Now).ToString("R", CultureInfo.InvariantCulture)),
    ]);

    /// <summary>Says that 50 are left, whatever is sent.</summary>
    public static Publication Constant { get; } = new(static budget =>
        Named(budget with { Limit = 100, Remaining = 50 }, "60"));

    /// <summary>Counts the requests of each minute, but refuses by another limit.</summary>
    public static Func<Publication> OfAnotherLimit { get; } = static () =>
    {
        var (minute, used) = (0.0, 0);
        return new(budget =>
        {
            var now = Math.Floor(budget.Now / 60);
            (minute, used) = (now, now > minute ? 1 : used + 1);
            return Named(
                budget with { Limit = 10_000, Remaining = Math.Max(0, 10_000 - used) },
                Text($"{Math.Ceiling((60 * (now + 1)) - budget.Now)}"));
        });
    };

    /// <summary>Publishes for some seconds, and then no more.</summary>
    public static Publication Until(double seconds) => new(budget =>
        budget.Now < seconds ? Named(budget, Text($"{WholeSeconds(budget)}")) : []);

    private static double Start => SimulatedTime.TrueTime(0).ToUnixTimeSeconds();

    public Answer On(Answer answer, in Budget budget) =>
        answer with { Headers = [.. answer.Headers ?? [], .. write(budget)] };

    private static (string Name, string Value)[] Named(in Budget budget, string reset) =>
    [
        ("X-RateLimit-Limit", Text($"{budget.Limit}")),
        ("X-RateLimit-Remaining", Text($"{budget.Remaining}")),
        ("X-RateLimit-Reset", reset),
    ];

    private static double WholeSeconds(in Budget budget) => Math.Ceiling(budget.ResetIn - 1e-6);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>What there is to publish.</summary>
    /// <param name="Now">The time in seconds.</param>
    /// <param name="Remaining">How many requests are left.</param>
    /// <param name="ResetIn">The seconds until the next window, or until a bucket is full.</param>
    public readonly record struct Budget(double Now, double Remaining, double ResetIn)
    {
        /// <summary>Gets how many can be left at most.</summary>
        public double Limit { get; init; }

        /// <summary>Gets how many requests there are for each window.</summary>
        public double Quota { get; init; }

        /// <summary>Gets the length of the window in seconds.</summary>
        public double Window { get; init; }
    }
}
