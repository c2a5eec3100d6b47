using System.Globalization;
using System.Text;

namespace RetryHandler.Tests.EndToEnd.Experiments;

/// <summary>The ramp as a table and as a picture.</summary>
internal static class RampReport
{
    private const int Left = 60;
    private const int Top = 30;
    private const int Width = 760;
    private const int Height = 300;
    private static readonly string[] Colours = ["#d62728", "#1f77b4", "#2ca02c", "#9467bd"];

    public static string Table(IReadOnlyList<int> shares, IReadOnlyList<RampRun> runs)
    {
        var table = new StringBuilder();
        table.AppendLine($"| errors | {string.Join(" | ", runs.Select(static run => run.Budget))} |");
        table.AppendLine($"|---|{string.Concat(runs.Select(static _ => "---|"))}");
        for (var i = 0; i < shares.Count; i++)
        {
            var cells = runs.Select(run => run.Steps[i]).Select(static step => string.Create(
                CultureInfo.InvariantCulture, $"{step.AttemptsPerSecond:F0} ({step.PerCall:F2})"));
            table.AppendLine(CultureInfo.InvariantCulture, $"| {shares[i]} % | {string.Join(" | ", cells)} |");
        }

        return table.ToString();
    }

    public static string Plot(IReadOnlyList<int> shares, IReadOnlyList<RampRun> runs)
    {
        var most = runs.SelectMany(static run => run.Steps).Max(static step => step.AttemptsPerSecond) * 1.05;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Left + Width + 20}\" ");
        svg.Append(CultureInfo.InvariantCulture, $"height=\"{Top + Height + 50}\" font-family=\"sans-serif\" ");
        svg.Append("font-size=\"12\"><rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{Left},{Top}V{Top + Height}H{Left + Width}\" ");
        svg.Append("fill=\"none\" stroke=\"gray\"/>");
        Text(svg, 4, 16, "attempts/s", "black");
        Text(svg, Left, Top + Height + 38, "share of errors", "black");
        for (var i = 0; i <= 4; i++)
        {
            var value = (most * i / 4).ToString("F0", CultureInfo.InvariantCulture);
            Text(svg, 4, Top + Height - (Height * i / 4) + 4, value, "gray");
        }

        for (var i = 0; i < shares.Count; i++)
        {
            Text(svg, X(i, shares.Count), Top + Height + 18, $"{shares[i]} %", "gray");
        }

        for (var i = 0; i < runs.Count; i++)
        {
            Text(svg, Left + 100 + (i * 160), 16, runs[i].Budget, Colours[i]);
            var points = runs[i].Steps.Select((step, n) => string.Create(
                CultureInfo.InvariantCulture,
                $"{X(n, shares.Count)},{Top + (Height * (1 - (step.AttemptsPerSecond / most))):F1}"));
            svg.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke-width=\"2\" ");
            svg.Append(CultureInfo.InvariantCulture, $"stroke=\"{Colours[i]}\" points=\"{string.Join(' ', points)}\"/>");
        }

        return svg.AppendLine("</svg>").ToString();
    }

    private static int X(int index, int count) => Left + 20 + ((Width - 60) * index / (count - 1));

    private static void Text(StringBuilder svg, int x, int y, string text, string colour) => svg.Append(
        CultureInfo.InvariantCulture, $"<text x=\"{x}\" y=\"{y}\" fill=\"{colour}\">{text}</text>");
}
