using System.Diagnostics;
using System.Globalization;

namespace RetryHandler.Simulation.Ablations;

/// <summary>Plays the scoreboard without one idea of the controller at a time, in copies of the code.</summary>
internal static class AblationStudy
{
    private const string Program = "test/RetryHandler.Simulation";

    /// <summary>A loss of so much goodput is one.</summary>
    private const double Less = 0.01;

    /// <summary>So much more of the attempts refused is a loss.</summary>
    private const double More = 0.005;

    /// <summary>So many times as long for the slowest calls is a loss.</summary>
    private const double Longer = 1.15;

    private static readonly string[] Copied =
        ["src/RetryHandler", Program, "Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig"];

    /// <summary>Writes what gets worse, and what better, without each idea.</summary>
    /// <param name="root">The root of the repository.</param>
    /// <param name="rows">The rows of the scoreboard.</param>
    /// <param name="seeds">How many seeds.</param>
    /// <param name="words">What the ideas have in their names.</param>
    public static void Write(string root, string rows, int seeds, string words)
    {
        var whole = Play(root, without: null, rows, seeds);
        Console.WriteLine("| without | worse: row, goodput, refused, p99 | better |");
        Console.WriteLine("|---|---|---|");
        foreach (var ablation in Ablation.All.Where(a => a.Idea.Contains(words, StringComparison.OrdinalIgnoreCase)))
        {
            var part = Play(root, ablation, rows, seeds);
            Console.WriteLine($"| {ablation.Idea} | {Changes(whole, part, IsWorse)} | "
                + $"{Changes(whole, part, (before, after) => IsWorse(after, before) && !IsWorse(before, after))} |");
        }
    }

    private static bool IsWorse(Result before, Result after) =>
        after.Goodput < before.Goodput - Less
        || after.Refused > before.Refused + More
        || after.Slowest > Longer * before.Slowest;

    private static string Changes(
        Dictionary<string, Result> whole, Dictionary<string, Result> part, Func<Result, Result, bool> isChange) =>
        string.Join("; ", whole.Where(row => isChange(row.Value, part[row.Key])).Select(row =>
            string.Create(CultureInfo.InvariantCulture, $"{row.Key}: {row.Value} to {part[row.Key]}")));

    private static Dictionary<string, Result> Play(string root, Ablation? without, string rows, int seeds)
    {
        Console.Error.WriteLine(without is null ? "the whole controller" : $"without {without.Idea}");
        var copy = Directory.CreateTempSubdirectory("ablation").FullName;
        try
        {
            foreach (var item in Copied)
            {
                Copy(Path.Combine(root, item), Path.Combine(copy, item));
            }

            without?.Apply(copy);

            // Some code can't be reached any more, which is a warning.
            Run(copy, "build", "-c", "Release", Program, "-v", "q", "-p:TreatWarningsAsErrors=false");
            var output = Run(
                copy, "run", "-c", "Release", "--no-build", "--project", Program, "--",
                "--rows", rows, "--controllers", "Probing", "--seeds", $"{seeds}");
            return Read(output);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    private static Dictionary<string, Result> Read(string table) => table.Split('\n')
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .Where(cells => cells.Length > 5 && cells[3] == "Probing")
        .ToDictionary(cells => cells[1], cells => new Result(Number(cells[4]), Number(cells[5]) / 100, Number(cells[7])));

    private static double Number(string cell) =>
        cell == "-" ? double.PositiveInfinity : double.Parse(cell.TrimEnd('%', 's', ' '), CultureInfo.InvariantCulture);

    private static string Run(string directory, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)}:\n{output}");
    }

    private static void Copy(string from, string to)
    {
        if (File.Exists(from))
        {
            File.Copy(from, to);
            return;
        }

        Directory.CreateDirectory(to);
        foreach (var entry in Directory.EnumerateFileSystemEntries(from))
        {
            if (Path.GetFileName(entry) is not ("bin" or "obj"))
            {
                Copy(entry, Path.Combine(to, Path.GetFileName(entry)));
            }
        }
    }

    private readonly record struct Result(double Goodput, double Refused, double Slowest)
    {
        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{Goodput:0.000}, {Refused:0.0 %}, {Slowest:0.00} s");
    }
}
