namespace RetryHandler.Tests.Conventions;

/// <summary>The sources of the library, as the conventions look at them.</summary>
internal static class SourceTree
{
    /// <summary>Gets the top of the repository.</summary>
    public static string Root => RepositoryRoot.Path;

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
}
