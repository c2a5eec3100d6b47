using System.Globalization;

namespace RetryHandler.Simulation.Output;

/// <summary>What the program was asked to do.</summary>
internal sealed record CommandLine(
    IReadOnlyList<Scenario> Scenarios, IReadOnlyList<Contender> Contenders, int Seeds, string? SvgDirectory, bool WithSpread)
{
    public static string Help { get; } =
        $"""
        Options:
          --rows 1,5,7          rows of the scoreboard; 13 stands for 13a and 13b (default: all but the
                                fleets, F10, F100, F1000, and F10s, F100s, F1000s with small, F10m and
                                F10l with large shares, and the clients of 1,000 callers each, S10, S100,
                                S1000, and the halves of row 10 with few workers, 10-100ms-18 to -22 and
                                10-400ms-14 to -18)
          --random N            rows R1 to RN, drawn at random; --rows R17 is one of them
          --controllers A,B     of: {Names(Contender.All)} (default: {Names(Contender.Scored)})
          --seeds N             the figures are medians over N seeds (default: 3)
          --spread              also the least and the most of the seeds
          --ablations ROOT TEXT the scoreboard without one idea of the controller at a time, in copies of
                                the repository at ROOT, for ideas whose name has TEXT (default: all);
                                stands alone
          --svg DIR             draws the run with seed 1 of each scenario and controller
        """;

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="FormatException">Something is not known; the message says what.</exception>
    public static CommandLine Parse(string[] args)
    {
        var line = new CommandLine(Scoreboard.All, Contender.Scored, Seeds: 3, SvgDirectory: null, WithSpread: false);
        for (var i = 0; i < args.Length; i += 2)
        {
            if (args[i] == "--spread")
            {
                line = line with { WithSpread = true };
                i--;
                continue;
            }

            var value = i + 1 < args.Length ? args[i + 1] : throw new FormatException($"{args[i]} needs a value.");
            line = args[i] switch
            {
                "--rows" => line with { Scenarios = [.. value.Split(',').SelectMany(Rows)] },
                "--random" => line with { Scenarios = [.. Enumerable.Range(1, Number(value)).Select(RandomScenarios.Draw)] },
                "--controllers" => line with { Contenders = [.. value.Split(',').Select(Named)] },
                "--seeds" => line with { Seeds = Number(value) },
                "--svg" => line with { SvgDirectory = value },
                _ => throw new FormatException($"{args[i]} is not an option."),
            };
        }

        return line;
    }

    private static IEnumerable<Scenario> Rows(string row)
    {
        if (row.StartsWith('R'))
        {
            return [RandomScenarios.Draw(Number(row[1..]))];
        }

        var rows = Scoreboard.All.Concat(FleetScenarios.All).Concat(ScaleScenarios.All)
            .Concat(WindowScenarios.FixedWorkers)
            .Where(s => s.Row == row || s.Row.TrimEnd([.. "abcdefg"]) == row).ToArray();
        return rows.Length > 0 ? rows : throw new FormatException($"There is no row {row}.");
    }

    private static Contender Named(string name) =>
        Contender.All.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new FormatException($"There is no controller {name}.");

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Names(IEnumerable<Contender> contenders) => string.Join(", ", contenders.Select(c => c.Name));
}
