using System.Globalization;
using RetryHandler.Benchmarks.Quick;

namespace RetryHandler.Benchmarks.Limiter;

/// <summary>What a queue of many waiters costs: in processor time for each grant or departure, and in memory.</summary>
internal static class LimiterTable
{
    private const int Runs = 15;
    private const int WarmUps = 5;

    public static void Write(TextWriter output)
    {
        output.WriteLine("| waiters | grants per second of processor time (goal 1,000,000) | departures | bytes a waiter (goal 200) |");
        output.WriteLine("|---|---|---|---|");
        foreach (var size in (int[])[1_000, 10_000, 100_000])
        {
            // Rounds of as many waiters in all, so that the small crowds are not lost in the grain of the clock.
            var rounds = Math.Max(1, 20_000 / size);
            var runs = Enumerable.Range(0, WarmUps + Runs).Select(_ => Measure(size, rounds)).Skip(WarmUps).ToList();
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {size:N0} | {Spread.Of(runs.Select(static run => run.Grants)).ToString("N0")} "
                + $"| {Spread.Of(runs.Select(static run => run.Departures)).ToString("N0")} "
                + $"| {runs.Max(static run => run.Bytes):F0} |"));
        }
    }

    private static (double Grants, double Departures, double Bytes) Measure(int size, int rounds)
    {
        var (grants, bytes) = Time(size, rounds, areApart: false, static crowd => crowd.GrantAll(), expected: size);
        var (departures, _) = Time(size, rounds, areApart: true, static crowd => crowd.CancelAll(), expected: 0);
        return (grants, departures, bytes);
    }

    private static (double PerSecond, double Bytes) Time(
        int size, int rounds, bool areApart, Action<WaitingCrowd> end, int expected)
    {
        var crowds = Enumerable.Range(0, rounds).Select(_ => new WaitingCrowd(size, areApart)).ToList();
        GC.Collect();
        var start = WaitingCrowd.ProcessorTime;
        foreach (var crowd in crowds)
        {
            end(crowd);
            crowd.Done.GetAwaiter().GetResult();
        }

        var time = WaitingCrowd.ProcessorTime - start;
        if (crowds.Any(crowd => crowd.Granted != expected))
        {
            throw new InvalidOperationException("Not everybody was let go, or some were that should not be.");
        }

        var bytes = crowds[0].BytesPerWaiter;
        crowds.ForEach(static crowd => crowd.Dispose());
        return (size * rounds / time, bytes);
    }
}
