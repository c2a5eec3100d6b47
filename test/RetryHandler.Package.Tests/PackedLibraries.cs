namespace RetryHandler.Package.Tests;

/// <summary>Both packages, packed once for all tests.</summary>
/// <remarks>
/// All that the build writes goes to a temporary folder, so that it can run beside other builds of the same sources and
/// finds nothing that they left behind.
/// </remarks>
[SetUpFixture]
public sealed class PackedLibraries
{
    private const string Core = "RetryHandler.";
    private const string Extension = ".nupkg";

    private static readonly string[] Projects = ["RetryHandler", "RetryHandler.AspNetCore"];

    /// <summary>Gets the folder in which the tests work; it is deleted at the end.</summary>
    public static string Folder { get; } = Directory.CreateTempSubdirectory("retryhandler-packages-").FullName;

    /// <summary>Gets the folder of the packages.</summary>
    public static string Packages { get; } = Path.Combine(Folder, "packages");

    /// <summary>Gets what <c>dotnet pack</c> printed.</summary>
    public static string Output { get; private set; } = "";

    /// <summary>Gets the version that both packages have.</summary>
    public static string Version { get; private set; } = "";

    [OneTimeSetUp]
    public async Task PackAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        foreach (var project in Projects)
        {
            Output += await DotnetCommand.RunAsync(
                RepositoryRoot.Path,
                limit.Token,
                "pack",
                $"src/{project}",
                "-c",
                "Release",
                "-o",
                Packages,
                "-p:UseArtifactsOutput=true",
                $"-p:ArtifactsPath={Path.Combine(Folder, "artifacts")}");
        }

        Version = Directory.EnumerateFiles(Packages, $"*{Extension}").Select(Path.GetFileName)
            .Where(static name => name!.StartsWith(Core, StringComparison.Ordinal))
            .Select(static name => name![Core.Length..^Extension.Length])
            .Single(static rest => char.IsDigit(rest[0]));
    }

    [OneTimeTearDown]
    public void Delete() => Directory.Delete(Folder, recursive: true);
}
