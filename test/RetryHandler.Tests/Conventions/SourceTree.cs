using System.Runtime.CompilerServices;

namespace RetryHandler.Tests.Conventions;

/// <summary>The sources of the library, as the conventions look at them.</summary>
internal static class SourceTree
{
    private const string Solution = "RetryHandler.sln";

    /// <summary>Gets the top of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Gets every source file of the library.</summary>
    public static IReadOnlyList<SourceFile> Library { get; } = [.. Load(Path.Combine(Root, "src", "RetryHandler"))];

    /// <summary>Gets every source file of the package for ASP.NET Core.</summary>
    public static IReadOnlyList<SourceFile> AspNetCore { get; } =
        [.. Load(Path.Combine(Root, "src", "RetryHandler.AspNetCore"))];

    /// <summary>Gets every source file of all packages.</summary>
    public static IReadOnlyList<SourceFile> All { get; } = [.. Library, .. AspNetCore];

    private static IEnumerable<SourceFile> Load(string folder) =>
        from path in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(folder, path).Replace('\\', '/')
        where relative.Split('/')[0] is not ("bin" or "obj")
        orderby relative
        select new SourceFile(relative, File.ReadAllText(path));

    // The output may be anywhere (--artifacts-path), and a CI build writes /_/ for the path of this file: one of the
    // three is right.
    private static string FindRoot([CallerFilePath] string thisFile = "") =>
        new[] { AppContext.BaseDirectory, Environment.CurrentDirectory, Path.GetDirectoryName(thisFile) }
            .Select(WalkUp).FirstOrDefault(static found => found is not null)
        ?? throw new DirectoryNotFoundException(
            $"No {Solution} above {AppContext.BaseDirectory}, {Environment.CurrentDirectory} or {thisFile}.");

    private static string? WalkUp(string? start)
    {
        for (var folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, Solution)))
            {
                return folder;
            }
        }

        return null;
    }
}
