using System.Runtime.CompilerServices;

namespace RetryHandler.Tests.Support;

/// <summary>The top folder of the repository, for tests that look at its files.</summary>
internal static class RepositoryRoot
{
    private const string Solution = "RetryHandler.sln";

    /// <summary>Gets the folder that holds the solution.</summary>
    public static string Path { get; } = Find();

    // The output may be anywhere (--artifacts-path), and a CI build writes /_/ for the path of this file: one of the
    // three is right.
    private static string Find([CallerFilePath] string thisFile = "") =>
        new[] { AppContext.BaseDirectory, Environment.CurrentDirectory, System.IO.Path.GetDirectoryName(thisFile) }
            .Select(WalkUp).FirstOrDefault(static found => found is not null)
        ?? throw new DirectoryNotFoundException(
            $"No {Solution} above {AppContext.BaseDirectory}, {Environment.CurrentDirectory} or {thisFile}.");

    private static string? WalkUp(string? start)
    {
        for (var folder = start; folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
        {
            if (File.Exists(System.IO.Path.Combine(folder, Solution)))
            {
                return folder;
            }
        }

        return null;
    }
}
