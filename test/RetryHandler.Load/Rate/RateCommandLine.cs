using System.Globalization;

namespace RetryHandler.Load.Rate;

/// <summary>What the program was asked to do.</summary>
internal sealed record RateCommandLine(
    IReadOnlyList<RateScenario> Scenarios,
    IReadOnlyList<RateClient> Clients,
    int Calls = 2000,
    int Callers = 64,
    int Runs = 1,
    double Timeline = 0)
{
    public static string Help { get; } =
        $"""
          --scenarios A,B       of: {Names(RateScenario.All.Select(scenario => scenario.Name))} (default: all)
          --clients A,B         of: {Names(RateClient.All.Select(client => client.Name))} (default: adaptive)
          --calls N             calls of each run (default: 2000)
          --callers N           callers of the closed loops (default: 64)
          --runs N              runs of each scenario (default: 1)
          --timeline MS         what the upstream accepted and refused in each so many milliseconds, on standard error
        """;

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="FormatException">Something is not known; the message says what.</exception>
    public static RateCommandLine Parse(string[] args)
    {
        var line = new RateCommandLine(RateScenario.All, [RateClient.Adaptive]);
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw new FormatException($"{args[i]} needs a value.");
            line = args[i] switch
            {
                "--scenarios" => line with { Scenarios = [.. value.Split(',').Select(Named)] },
                "--clients" => line with { Clients = [.. value.Split(',').Select(Client)] },
                "--calls" => line with { Calls = Number(value, 100) },
                "--callers" => line with { Callers = Number(value, 1) },
                "--runs" => line with { Runs = Number(value, 1) },
                "--timeline" => line with { Timeline = Number(value, 1) / 1000.0 },
                _ => throw new FormatException($"{args[i]} is not an option."),
            };
        }

        return line;
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names);

    private static RateScenario Named(string name) =>
        RateScenario.All.FirstOrDefault(scenario => scenario.Name == name)
        ?? throw new FormatException($"There is no scenario {name}.");

    private static RateClient Client(string name) =>
        RateClient.All.FirstOrDefault(client => client.Name == name)
        ?? throw new FormatException($"There is no client {name}.");

    private static int Number(string text, int min) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= min
        && number <= 1_000_000
            ? number
            : throw new FormatException($"{text} is no number from {min} to 1000000.");
}
