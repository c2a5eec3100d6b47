using BenchmarkDotNet.Running;
using RetryHandler.Benchmarks.Calls;
using RetryHandler.Benchmarks.Limiter;
using RetryHandler.Benchmarks.Quick;
using RetryHandler.Benchmarks.State;

// Everything that the README's table shows, in less than three minutes; without it BenchmarkDotNet takes the arguments.
if (args is ["--quick"])
{
    CallTable.Write(Console.Out, CallRow.All);
    Console.WriteLine();
    LimiterTable.Write(Console.Out);
    Console.WriteLine();
    await FootprintTable.WriteAsync(Console.Out);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
