using BenchmarkDotNet.Running;
using RetryHandler.Benchmarks.Calls;
using RetryHandler.Benchmarks.Quick;

if (args is ["--loop", var row, var who])
{
    using var c = new ClientUnderLoad(Enum.Parse<ClientKind>(who), CallRow.All[int.Parse(row, null)]);
    var start = System.Diagnostics.Stopwatch.GetTimestamp();
    var list = new List<double>();
    while (System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds < 9)
    {
        var t = Environment.CpuUsage.TotalTime;
        c.Run(8192);
        list.Add((Environment.CpuUsage.TotalTime - t).TotalNanoseconds / 8192);
    }

    list.Sort();
    Console.WriteLine($"{who} min {list[0]:F0} p10 {list[list.Count / 10]:F0} median {list[list.Count / 2]:F0}");
    return;
}

if (args is ["--rows", var some])
{
    CallTable.Write(Console.Out, some.Split(',').Select(i => CallRow.All[int.Parse(i, null)]));
    return;
}

if (args is ["--quick"])
{
    CallTable.Write(Console.Out, CallRow.All);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
