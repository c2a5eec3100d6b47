using System.Globalization;

namespace StoreFront.Demo;

/// <summary>The command line of the demo.</summary>
internal sealed record DemoOptions(int Calls, int Callers, IReadOnlyList<ClientKind> Clients)
{
    public const string Usage =
        "Usage: --demo [--calls 2000] [--callers 64] [--client none|polly|adaptive]";

    /// <exception cref="FormatException">The message says which argument is wrong.</exception>
    public static DemoOptions Parse(IEnumerable<string> args)
    {
        var options = new DemoOptions(Calls: 2000, Callers: 64, Enum.GetValues<ClientKind>());
        using var rest = args.Where(arg => arg != "--demo").GetEnumerator();
        while (rest.MoveNext())
        {
            var name = rest.Current;
            var value = rest.MoveNext() ? rest.Current : throw new FormatException($"{name} needs a value.");
            options = name switch
            {
                "--calls" => options with { Calls = Number(name, value, max: 1_000_000) },
                "--callers" => options with { Callers = Number(name, value, max: 1_000) },
                "--client" => options with { Clients = [Client(value)] },
                _ => throw new FormatException($"{name} is unknown."),
            };
        }

        return options;
    }

    private static int Number(string name, string value, int max) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= 1 && number <= max
            ? number
            : throw new FormatException($"{name} {value} must be a whole number from 1 to {max}.");

    private static ClientKind Client(string value) =>
        Enum.TryParse<ClientKind>(value, ignoreCase: true, out var kind) && Enum.IsDefined(kind)
            ? kind
            : throw new FormatException($"--client {value} must be none, polly or adaptive.");
}
