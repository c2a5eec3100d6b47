using RetryHandler.RateLoad;

// dotnet run -c Release --project test/RetryHandler.RateLoad -- --scenarios bucket,window
if (args is ["--help"])
{
    Console.WriteLine(CommandLine.Help);
    return 0;
}

CommandLine line;
try
{
    line = CommandLine.Parse(args);
}
catch (FormatException e)
{
    Console.Error.WriteLine(e.Message);
    Console.Error.WriteLine(CommandLine.Help);
    return 2;
}

await using var session = await RateSession.StartAsync();
var areMet = true;
RateTable.WriteHeader(Console.Out);
foreach (var scenario in line.Scenarios.SelectMany(scenario => Enumerable.Repeat(scenario, line.Runs)))
{
    foreach (var client in line.Clients)
    {
        var result = await session.RunAsync(scenario, client, line);
        RateTable.Write(Console.Out, result);
        areMet &= result.Bars.All(bar => bar.IsMet);
    }
}

return areMet ? 0 : 1;
