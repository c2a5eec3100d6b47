using System.Globalization;

namespace RetryHandler.Dashboard.Tests;

/// <summary>The processor time of a browser: of its main process and of all that it started.</summary>
internal static class ProcessTree
{
    // What the kernel counts in, on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>
    /// Sums up the processes whose command line holds <paramref name="mark"/>, and their descendants.
    /// </summary>
    public static TimeSpan ProcessorTime(string mark)
    {
        var all = Directory.EnumerateDirectories("/proc")
            .Where(static path => int.TryParse(Path.GetFileName(path), out _))
            .Select(Read)
            .OfType<Entry>()
            .ToList();
        var found = all.Where(entry => entry.CommandLine.Contains(mark, StringComparison.Ordinal))
            .Select(static entry => entry.Id).ToHashSet();
        var size = 0;
        while (size < found.Count)
        {
            size = found.Count;
            found.UnionWith(all.Where(entry => found.Contains(entry.Parent)).Select(static entry => entry.Id));
        }

        return TimeSpan.FromSeconds(all.Where(entry => found.Contains(entry.Id)).Sum(static entry => entry.Seconds));
    }

    private static Entry? Read(string path)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(path, "stat"));

            // The name in brackets may hold anything; the fields begin behind it.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var ticks = Number(fields[11]) + Number(fields[12]);
            return new Entry(
                int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture),
                (int)Number(fields[1]),
                ticks / TicksPerSecond,
                File.ReadAllText(Path.Combine(path, "cmdline")));
        }
        catch (IOException)
        {
            return null; // It ended meanwhile.
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private sealed record Entry(int Id, int Parent, double Seconds, string CommandLine);
}
