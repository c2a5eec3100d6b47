using System.Globalization;

namespace RetryHandler.Simulation.Scenarios;

/// <summary>
/// Upstreams that nobody has thought of, drawn at random: what a controller that was made for the scoreboard does
/// elsewhere.
/// </summary>
internal static class RandomScenarios
{
    private const double Seconds = 120;

    /// <summary>Draws a row, always the same for a number.</summary>
    public static Scenario Draw(int number)
    {
        var chance = new Random(number);
        return chance.Next(10) switch
        {
            < 6 => Bucket(number, chance),
            < 9 and var kind => Window(number, chance, isSliding: kind == 8),
            _ => Slots(number, chance),
        };
    }

    private static Scenario Bucket(int number, Random chance)
    {
        var rate = RandomSteps(chance, () => Between(chance, 2, 300));
        var burst = Math.Max(1, Math.Round(rate.At(0) * Between(chance, 0.02, 2)));
        var hint = chance.Next(3) == 0;
        return New(
            number, chance, rate.Largest, $"bucket {rate} calls/s, burst {burst}{Hint(hint)}",
            RateScenarios.Bucket(rate, burst, hint));
    }

    private static Scenario Window(int number, Random chance, bool isSliding)
    {
        var (count, period) = ((int)Between(chance, 10, 1000), Math.Round(Between(chance, 1, 60)));
        var hint = chance.Next(3) > 0;
        return New(
            number, chance, count / period,
            Text($"{(isSliding ? "sliding " : "")}window {count} per {period} s{Hint(hint)}"),
            run => isSliding
                ? new SlidingWindowUpstream(run, count, period, hint)
                : new FixedWindowUpstream(run, count, period, hint));
    }

    private static Scenario Slots(int number, Random chance)
    {
        var (slots, isExponential) = (chance.Next(2, 33), chance.Next(2) == 0);
        var time = RandomSteps(chance, () => Between(chance, 0.02, 0.5));
        return New(
            number, chance, slots / time.Least,
            $"{slots} slots, {(isExponential ? "exponential" : "constant")} service of {time} seconds",
            run => new ConcurrencyUpstream(run, slots, time, isExponential));
    }

    private static Scenario New(
        int number, Random chance, double rate, string name, Func<SimulationRun, IUpstream> upstream)
    {
        // Enough callers that the limit and not they set the pace: at least half as many again as it takes.
        var latency = Between(chance, 0.002, 0.3);
        var jitter = Between(chance, 0.01, 0.9);
        var workers = (int)Math.Ceiling((rate * latency * 1.5) + Between(chance, 4, 200));
        var row = Text($"{name}; round trips of {latency:0.###} s ± {jitter:0%}; {workers} workers");
        return new Scenario($"R{number}", row, new ClosedLoad(workers), upstream)
        {
            Seconds = Seconds,
            Latency = latency,
            Jitter = jitter,
        };
    }

    /// <summary>Draws a value that stays, or one to four values of which each stays for 5 s at least.</summary>
    private static Steps RandomSteps(Random chance, Func<double> value)
    {
        var changes = new List<(double, double)> { (0, value()) };
        for (var count = chance.Next(5); count > 1; count--)
        {
            changes.Add((changes[^1].Item1 + Between(chance, 5, 50), value()));
        }

        return new Steps(changes);
    }

    /// <summary>Draws a number of which the logarithm is evenly distributed.</summary>
    private static double Between(Random chance, double least, double most) =>
        least * Math.Pow(most / least, chance.NextDouble());

    private static string Hint(bool hint) => hint ? ", Retry-After" : "";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
