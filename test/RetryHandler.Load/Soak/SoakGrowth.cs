using System.Globalization;

namespace RetryHandler.Load.Soak;

/// <summary>Compares what the process held early and late.</summary>
internal sealed class SoakGrowth
{
    private readonly List<ProcessSample> _samples = [];

    public async Task WatchAsync(TextWriter output, TimeSpan duration, CancellationToken isOver)
    {
        // Fifty samples of the time after the warm-up, in which pools and tables fill.
        var every = duration / 60;
        await Pause(duration / 6);
        await output.WriteLineAsync("| time | heap | resident | handles | timers | threads |");
        await output.WriteLineAsync("|---|---|---|---|---|---|");
        var time = duration / 6;
        for (; !isOver.IsCancellationRequested; time += every)
        {
            var sample = ProcessSample.Take();
            _samples.Add(sample);
            if (_samples.Count % 5 == 1)
            {
                await output.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {time.TotalMinutes:F1} min | {sample.HeapBytes / 1e6:F1} MB | {sample.ResidentBytes / 1e6:F0} MB "
                    + $"| {sample.Handles} | {sample.Timers} | {sample.Threads} |"));
            }

            await Pause(every);
        }

        async Task Pause(TimeSpan pause) =>
            await Task.Delay(pause, isOver).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Gets the mean of the last third of the samples over that of the first third.</summary>
    /// <remarks>
    /// The mean, because every figure is a sawtooth: the factory looks every ten seconds for handlers that nobody uses
    /// any more, and their connections go with them; the lowest point of a third depends on when it was looked at. A
    /// tenth, and a little of each kind that a run of two minutes needs anyway, is no growth.
    /// </remarks>
    public IReadOnlyList<Bar> Bars =>
    [
        Growth("heap", 2e6, static sample => sample.HeapBytes),
        Growth("resident", 30e6, static sample => sample.ResidentBytes),
        Growth("handles", 100, static sample => sample.Handles),
        Growth("timers", 50, static sample => sample.Timers),
        Growth("threads", 4, static sample => sample.Threads),
    ];

    private Bar Growth(string name, double allowance, Func<ProcessSample, double> figure)
    {
        var third = _samples.Count / 3;
        var early = _samples.Take(third).Select(figure).DefaultIfEmpty(double.NaN).Average();
        var late = _samples.TakeLast(third).Select(figure).DefaultIfEmpty(double.NaN).Average();
        return new Bar($"{name} late/early", late / early, Max: 1.1 + (allowance / early));
    }
}
