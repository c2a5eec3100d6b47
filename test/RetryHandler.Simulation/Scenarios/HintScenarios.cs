using System.Globalization;

namespace RetryHandler.Simulation.Scenarios;

/// <summary>A throttle of long ago, and hints that are false or hostile.</summary>
internal static class HintScenarios
{
    private const double Late = 600;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("14", "one throttle long ago, a call every 5 s, then 50 calls at once",
            new ScheduledLoad([.. Enumerable.Range(0, 120).Select(i => i * 5.0), .. Enumerable.Repeat(Late, 50)]),
            static run => new ScriptedUpstream(run, static now => now < 1 ? Answer.TooMany : Answer.Ok))
        {
            Seconds = 700,
            Goodput = Goodput.OfCalls,
            Goals = [Limit.AtMost("last of 50", 0.2)],
            Orientation = "last of 50 after 6.8 s",
            Extras = static run => [Figure.Seconds("last of 50", Extras.Longest(run, Late))],
        },
        Hostile("15a", "Retry-After: 86400", static _ => RetryAfter("86400")),
        Hostile("15b", "Retry-After: -5", static _ => RetryAfter("-5")),
        Hostile("15c", "Retry-After: year 9999", static _ => RetryAfter("Fri, 31 Dec 9999 23:59:59 GMT")),
        Hostile("15d", "Retry-After: 0 for ever", static _ => RetryAfter("0"), isForEver: true),
        Hostile("15e", "Retry-After: date, server 5 min ahead", static now => Date(now, "Retry-After", 300)),
        Hostile("15f", "Retry-After: date, server 5 min behind", static now => Date(now, "Retry-After", -300)),
        Hostile("15g", "X-RateLimit-Reset, server 5 min ahead", static now => Date(now, "X-RateLimit-Reset", 300)),
    ];

    /// <summary>Makes an upstream that refuses for half of each minute, and callers that leave after 100 s.</summary>
    private static Scenario Hostile(string row, string name, Func<double, Answer> refusal, bool isForEver = false) =>
        new(row, name + "; 2 calls/s, 300 s", new OpenLoad(2),
            run => new ScriptedUpstream(run, now => isForEver || now < EndOfRefusals(now) ? refusal(now) : Answer.Ok))
        {
            Seconds = 300,
            Goodput = Goodput.OfCalls,

            // The default of HttpClient.Timeout, which the library can't see.
            CallTimeout = TimeSpan.FromSeconds(100),
            Goals =
            [
                Limit.AtMost("longest call", 100.01),
                Limit.AtMost("early", 0),
                Limit.AtMost("refusals in 1 s", 20),
            ],
            Extras = static run =>
            [
                Figure.Seconds("longest call", Extras.Longest(run)),
                Figure.Count("early", run.Recorder.Early),
                Figure.Count("refusals in 1 s", Extras.PeakOfRefusals(run)),
            ],
        };

    private static double EndOfRefusals(double now) => (Math.Floor(now / 60) * 60) + 30;

    private static Answer RetryAfter(string value) => Answer.WithHeader(429, "Retry-After", value);

    /// <summary>Names the true end of the refusals by a clock that is wrong, and says so in its Date header.</summary>
    private static Answer Date(double now, string name, double clockError)
    {
        var end = EndOfRefusals(now);
        var reset = SimulatedTime.TrueTime(end + clockError);
        var value = name == "Retry-After"
            ? reset.ToString("R", CultureInfo.InvariantCulture)
            : reset.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var date = SimulatedTime.TrueTime(now + clockError).ToString("R", CultureInfo.InvariantCulture);
        return new Answer(429, [("Date", date), (name, value)], TrueDelay: end - now);
    }
}
