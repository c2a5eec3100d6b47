using RetryHandler.Benchmarks.Calls;

namespace RetryHandler.Benchmarks.Quick;

/// <summary>Measures all clients of a row side by side, in turns of some milliseconds.</summary>
/// <remarks>
/// On a machine that others use, what one client takes differs from second to second by more than what is looked for;
/// the ratio of two turns that follow each other does not. Processor time is measured, which does not count the time
/// that others have the processor, and counts the garbage collections that a client causes.
/// </remarks>
internal sealed class PairedRuns(CallRow row) : IDisposable
{
    private const int Runs = 5;
    private const int Rounds = 31;
    private const int WarmUpCalls = 32_768;
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan TimeToCompile = TimeSpan.FromMilliseconds(250);

    private readonly ClientUnderLoad[] _clients =
        [.. Enum.GetValues<ClientKind>().Select(kind => new ClientUnderLoad(kind, row))];

    private readonly int _callers = row.Callers;

    public IReadOnlyList<CallResult> Measure()
    {
        WarmUp();
        var calls = CallsInATurn();
        var ratios = NewLists();
        var times = NewLists();
        for (var run = 0; run < Runs; run++)
        {
            var rounds = Enumerable.Range(0, Rounds).Select(_ => Round(calls)).ToList();
            for (var i = 0; i < _clients.Length; i++)
            {
                ratios[i].Add(Spread.MedianOf([.. rounds.Select(round => round[i] / round[0]).Order()]));
                times[i].Add(Spread.MedianOf([.. rounds.Select(round => round[i]).Order()]));
            }
        }

        return
        [
            .. _clients.Select((client, i) => new CallResult(
                (ClientKind)i, Spread.Of(ratios[i]), Spread.Of(times[i]), BytesPerCall(client, calls))),
        ];
    }

    public void Dispose() => Array.ForEach(_clients, static client => client.Dispose());

    private static double BytesPerCall(ClientUnderLoad client, int calls)
    {
        client.Run(calls);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        client.Run(calls);
        return (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / calls;
    }

    private static double NanosecondsPerCall(ClientUnderLoad client, int calls)
    {
        var before = Environment.CpuUsage.TotalTime;
        client.Run(calls);
        return (Environment.CpuUsage.TotalTime - before).TotalNanoseconds / calls;
    }

    private List<double>[] NewLists() => [.. _clients.Select(static _ => new List<double>())];

    private void WarmUp()
    {
        // Twice, with a pause: the runtime compiles hot code anew in the background.
        for (var i = 0; i < 2; i++)
        {
            Array.ForEach(_clients, static client => client.Run(WarmUpCalls));
            Thread.Sleep(TimeToCompile);
        }
    }

    private int CallsInATurn()
    {
        var time = NanosecondsPerCall(_clients[0], WarmUpCalls);
        return Math.Max(1, (int)(Turn.TotalNanoseconds / time) / _callers) * _callers;
    }

    private double[] Round(int calls) => [.. _clients.Select(client => NanosecondsPerCall(client, calls))];
}
