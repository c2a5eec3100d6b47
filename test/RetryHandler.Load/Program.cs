using System.Globalization;
using RetryHandler.Load;
using RetryHandler.Load.Cost;
using RetryHandler.Load.Soak;

// dotnet run -c Release --project test/RetryHandler.Load -- soak --minutes 2
switch (args)
{
    case ["cost"]:
        return await CostTable.WriteAsync(Console.Out) ? 0 : 1;
    case ["soak"]:
        return await SoakRun.WriteAsync(Console.Out, TimeSpan.FromMinutes(30)) ? 0 : 1;
    case ["soak", "--minutes", var text]
        when double.TryParse(text, CultureInfo.InvariantCulture, out var minutes) && minutes is >= 0.5 and <= 1440:
        return await SoakRun.WriteAsync(Console.Out, TimeSpan.FromMinutes(minutes)) ? 0 : 1;
    case [HealthyUpstream.Command]:
        await HealthyUpstream.RunAsync();
        return 0;
    default:
        Console.Error.WriteLine(
            """
            Loads on real sockets, on loopback. Exit code 1: a bar is missed.

              cost                  what the line AddAdaptiveRetry() costs when the upstream, in a process of its own,
                                    is well: HTTP/1.1 and HTTP/2, 64 and 1,024 callers, with and without the line
              soak [--minutes N]    1,024 callers, faults, throttling, cancellation, reloads and new handlers:
                                    nothing may grow, and the counts must fit at the end (default: 30 minutes)
            """);
        return 2;
}
