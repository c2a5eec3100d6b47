using System.Globalization;

namespace StoreFront.Demo;

/// <summary>Says how a run goes: one line that rewrites itself or, into a file, a line now and then.</summary>
internal sealed class ProgressLine(TextWriter output, bool interactive)
{
    private const int Width = 79;

    private readonly TimeSpan _period = interactive ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(2);

    /// <summary>Reports until <paramref name="work"/> has ended, and passes on how it ended.</summary>
    public async Task WatchAsync(string name, LoadRun run, Task work)
    {
        using var timer = new PeriodicTimer(_period);
        var tick = timer.WaitForNextTickAsync().AsTask();
        while (await Task.WhenAny(work, tick) == tick)
        {
            Write(Describe(name, run));
            tick = timer.WaitForNextTickAsync().AsTask();
        }

        if (interactive)
        {
            output.Write($"\r{new string(' ', Width)}\r");
        }

        await work;
    }

    private static string Describe(string name, LoadRun run) => string.Create(
        CultureInfo.InvariantCulture,
        $"  {name}: {run.Finished:N0} of {run.Calls:N0} calls, {run.Failures.Values.Sum():N0} failed, "
        + $"{run.Elapsed.TotalSeconds:F1} s");

    private void Write(string text)
    {
        if (interactive)
        {
            output.Write($"\r{text[..Math.Min(text.Length, Width)].PadRight(Width)}");
        }
        else
        {
            output.WriteLine(text);
        }
    }
}
