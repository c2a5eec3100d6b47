using System.Text;

namespace RetryHandler.Tests.Classification;

/// <summary>Counts which answers of the corpus were taken for what.</summary>
internal sealed class ConfusionMatrix
{
    private static readonly string[] Kinds = ["throttled", "transient", "quota-exhausted", "not-retryable"];

    private readonly Dictionary<(string Expected, string Actual), int> _counts = [];
    private int _total;
    private int _wrongDelays;

    public int Wrong { get; private set; }

    public int FalseThrottled { get; private set; }

    public int MissedThrottled { get; private set; }

    public string Summary =>
        $"{_total - Wrong} of {_total} right, {FalseThrottled} wrongly throttled, {MissedThrottled} throttles missed, "
        + $"{_wrongDelays} delays wrong";

    public void Add(CorpusCase @case, in AttemptVerdict verdict)
    {
        var right = @case.IsRight(verdict.Kind);
        var actual = right ? @case.Expected : CorpusCase.NameOf(verdict.Kind);
        _counts[(@case.Expected, actual)] = _counts.GetValueOrDefault((@case.Expected, actual)) + 1;
        _total++;
        Wrong += right ? 0 : 1;
        FalseThrottled += !right && actual == "throttled" ? 1 : 0;
        MissedThrottled += !right && @case.Expected == "throttled" ? 1 : 0;
        _wrongDelays += @case.IsRight(verdict.ServerDelay ?? verdict.BoundedDelayHint) ? 0 : 1;
    }

    public override string ToString()
    {
        var table = new StringBuilder().Append($"{"expected",-16}");
        foreach (var kind in Kinds)
        {
            table.Append($"{kind,16}");
        }

        foreach (var expected in Kinds)
        {
            table.AppendLine().Append($"{expected,-16}");
            foreach (var actual in Kinds)
            {
                table.Append($"{_counts.GetValueOrDefault((expected, actual)),16}");
            }
        }

        return table.AppendLine().ToString();
    }
}
