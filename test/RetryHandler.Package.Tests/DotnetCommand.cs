using System.Diagnostics;

namespace RetryHandler.Package.Tests;

/// <summary>Runs <c>dotnet</c> as a user does at a prompt.</summary>
internal static class DotnetCommand
{
    /// <summary>Runs a command to its end. Another exit code than 0 fails the test.</summary>
    /// <returns>What it printed.</returns>
    public static async Task<string> RunAsync(
        string folder, CancellationToken cancellationToken, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var inherited in start.Environment.Keys.Where(IsOfTheBuildAround).ToList())
        {
            start.Environment.Remove(inherited);
        }

        start.Environment["CI"] = "true"; // Packages are built as a build server does it.
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";

        // A build server would outlive the command, and keep its output open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        var text = await output + await errors;
        Assert.That(process.ExitCode, Is.Zero, $"dotnet {string.Join(' ', arguments)}\n{text}");
        return text;
    }

    // Where the build that runs these tests has its parts is nothing for the builds that they start.
    private static bool IsOfTheBuildAround(string variable) =>
        variable.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase);
}
