using RetryHandler.Simulation.Ablations;
using RetryHandler.Simulation.Output;

if (args is ["--help"])
{
    Console.WriteLine(CommandLine.Help);
    return 0;
}

if (args is ["--ablations", ..])
{
    // The ideas are switched off in copies of the code, and each copy is played by itself.
    AblationStudy.Write(
        args.Length > 1 ? args[1] : Directory.GetCurrentDirectory(),
        "1,2,3,4,5,6,7,8,9,10,11,12,16,17,19,21,22,23,24,29,30,32,34,37,38,41,42,49,50,51,F10,F10s,R13,R19,R36,R60,R66,R89,R140,R143,R147,R167,R172,R202,R245,R268,R275,R279,R305,R316,R318,R326,R331,R358,R381",
        seeds: 3,
        words: args.Length > 2 ? args[2] : string.Empty);
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
