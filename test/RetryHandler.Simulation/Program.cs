using RetryHandler.Simulation.Output;

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

var scores = Scoreboard.Play(line.Scenarios, line.Contenders, line.Seeds, (run, done, total) =>
{
    Console.Error.Write($"\r{done} of {total}: row {run.Scenario.Row}, {run.Contender.Name}, seed {run.Seed}      ");
    if (line.SvgDirectory is { } directory && run.Seed == 1)
    {
        SvgPlot.Write(run, directory);
    }
});
Console.Error.WriteLine();
MarkdownTable.Write(Console.Out, scores, line.WithSpread);
return 0;
