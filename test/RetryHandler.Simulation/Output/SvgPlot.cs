using System.Globalization;
using System.Text;

namespace RetryHandler.Simulation.Output;

/// <summary>Draws a run over time: attempts sent and accepted per second, capacity, fill rate and queue.</summary>
internal static class SvgPlot
{
    private const int Width = 960;
    private const int Left = 60;
    private const int RateTop = 40;
    private const int RateHeight = 280;
    private const int QueueTop = 370;
    private const int QueueHeight = 100;
    private const int Bins = 240;

    public static void Write(SimulationRun run, string directory)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, NameOf(run)), Draw(run));
    }

    public static string NameOf(SimulationRun run) =>
        $"{run.Scenario.Row.PadLeft(2, '0')}-{run.Contender.Name.ToLowerInvariant()}.svg";

    public static string Draw(SimulationRun run)
    {
        var end = Math.Max(run.Duration, 0.1);
        var bin = Math.Max(end / Bins, 0.1);
        var (sent, accepted) = (PerSecond(run.Recorder.Sent, bin, end), PerSecond(run.Recorder.Accepted, bin, end));
        var capacity = Capacity(run.Upstream, bin, sent.Length);
        var samples = run.Recorder.Samples;
        var fill = samples.Select(sample => (sample.Time, sample.FillRate)).ToArray();

        // A fill rate may be without bound, and a hundred times the rest would flatten everything.
        var top = 1.1 * Math.Max(1, Math.Max(sent.Max(p => p.Value), capacity.Max(p => p.Value)));
        var longest = Math.Max(1, samples.Max(sample => sample.Queue));
        var svg = new StringBuilder();
        svg.Append("<svg xmlns=\"http://www.w3.org/2000/svg\" ");
        svg.Append(CultureInfo.InvariantCulture, $"width=\"{Left + Width + 20}\" ");
        svg.Append("height=\"500\" font-family=\"sans-serif\" font-size=\"12\"><rect width=\"100%\" height=\"100%\" ");
        svg.Append("fill=\"white\"/>");
        var title = $"{run.Scenario.Row}: {run.Scenario.Name} - {run.Contender.Name}, seed {run.Seed}";
        Text(svg, Left, 16, title, "black");
        Text(svg, Left, 33, "sent/s", "#d62728");
        Text(svg, Left + 70, 33, "accepted/s", "#2ca02c");
        Text(svg, Left + 160, 33, "capacity/s", "black");
        Text(svg, Left + 250, 33, "fill rate", "#1f77b4");
        Text(svg, Left, QueueTop - 6, "waiting", "#9467bd");
        Axes(svg, RateTop, RateHeight, top, end);
        Axes(svg, QueueTop, QueueHeight, longest, end);
        Line(svg, sent, RateTop, RateHeight, top, end, "#d62728");
        Line(svg, accepted, RateTop, RateHeight, top, end, "#2ca02c");
        Line(svg, capacity, RateTop, RateHeight, top, end, "black");
        Line(svg, fill, RateTop, RateHeight, top, end, "#1f77b4");
        Line(svg, [.. samples.Select(s => (s.Time, (double)s.Queue))], QueueTop, QueueHeight, longest, end, "#9467bd");
        return svg.Append("</svg>").ToString();
    }

    private static (double Time, double Value)[] PerSecond(List<double> instants, double bin, double end)
    {
        var counts = new double[(int)Math.Ceiling(end / bin)];
        foreach (var instant in instants)
        {
            counts[Math.Min(counts.Length - 1, (int)(instant / bin))]++;
        }

        return [.. counts.Select((count, i) => ((i + 0.5) * bin, count / bin))];
    }

    private static (double Time, double Value)[] Capacity(IUpstream upstream, double bin, int count) =>
        [.. Enumerable.Range(0, count).Select(i => ((i + 0.5) * bin, upstream.RateAt((i + 0.5) * bin)))];

    private static void Axes(StringBuilder svg, int top, int height, double max, double end)
    {
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<path d=\"M{Left},{top}V{top + height}H{Left + Width}\" fill=\"none\" stroke=\"gray\"/>");
        for (var i = 0; i <= 4; i++)
        {
            var value = (max * i / 4).ToString("0.#", CultureInfo.InvariantCulture);
            Text(svg, 4, top + height - (height * i / 4) + 4, value, "gray");
            var seconds = (end * i / 4).ToString("0.#", CultureInfo.InvariantCulture);
            Text(svg, Left + (Width * i / 4) - 10, top + height + 16, seconds + " s", "gray");
        }
    }

    private static void Text(StringBuilder svg, int x, int y, string text, string colour)
    {
        var escaped = System.Security.SecurityElement.Escape(text);
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x}\" y=\"{y}\" fill=\"{colour}\">{escaped}</text>");
    }

    private static void Line(
        StringBuilder svg,
        IEnumerable<(double Time, double Value)> points,
        int top,
        int height,
        double max,
        double end,
        string colour)
    {
        svg.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{colour}\" points=\"");
        foreach (var (time, value) in points.Where(point => double.IsFinite(point.Value)))
        {
            var x = Left + (Width * Math.Min(1, time / end));
            var y = top + (height * (1 - Math.Min(1, value / max)));
            svg.Append(CultureInfo.InvariantCulture, $"{x:0.#},{y:0.#} ");
        }

        svg.Append("\"/>");
    }
}
