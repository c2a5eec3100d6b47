using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using RetryHandler.Benchmarks.Calls;
using RetryHandler.Load.Cost;
using RetryHandler.Load.Rate;
using RetryHandler.Load.Soak;

// dotnet run -c Release --project test/RetryHandler.Load -- rate --scenarios bucket,window
try
{
    switch (args)
    {
        case ["rate", .. var options]:
            return await RateTable.WriteAsync(Console.Out, RateCommandLine.Parse(options)) ? 0 : 1;
        case ["cost"]:
            return await CostTable.WriteAsync(Console.Out, static client => client.AddAdaptiveRetry()) ? 0 : 1;
        case ["cost", "--pass-through"]:
            await CostTable.WriteAsync(
                Console.Out, static client => client.AddHttpMessageHandler(static () => new PassThroughHandler()));
            return 0;
        case ["soak"]:
            return await SoakRun.WriteAsync(Console.Out, TimeSpan.FromMinutes(30)) ? 0 : 1;
        case ["soak", "--minutes", var text]
            when double.TryParse(text, CultureInfo.InvariantCulture, out var minutes) && minutes is >= 0.5 and <= 1440:
            return await SoakRun.WriteAsync(Console.Out, TimeSpan.FromMinutes(minutes)) ? 0 : 1;
        case [HealthyUpstream.Command]:
            await HealthyUpstream.RunAsync();
            return 0;
    }
}
catch (FormatException e)
{
    Console.Error.WriteLine(e.Message);
}

Console.Error.WriteLine(
    $"""
    Loads on real sockets, on loopback, through AddAdaptiveRetry() with default options. Exit code 1: a bar is missed.

      rate [options]        upstreams with a limit: how near a client comes to it; other clients have no bars
    {RateCommandLine.Help}
      cost                  what the line costs when the upstream, in a process of its own, is well:
                            HTTP/1.1 and HTTP/2, 64 and 1,024 callers, with and without the line
      --pass-through        with a handler that does nothing in its place; always exit code 0
      soak [--minutes N]    1,024 callers, faults, throttling, cancellation, reloads and new handlers:
                            nothing may grow, and the counts must fit at the end (default: 30 minutes)
    """);
return 2;
