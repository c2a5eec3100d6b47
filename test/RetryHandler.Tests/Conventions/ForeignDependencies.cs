namespace RetryHandler.Tests.Conventions;

/// <summary>Finds which rooms name the types of other libraries.</summary>
internal static class ForeignDependencies
{
    private static readonly HashSet<string> HttpTypes =
    [
        .. typeof(HttpClient).Assembly.GetExportedTypes().Select(static type => type.Name.Split('`')[0]),
    ];

    /// <summary>Finds the files outside <paramref name="rooms"/> that name a namespace or anything below it.</summary>
    public static IEnumerable<string> FindForbidden(
        IEnumerable<SourceFile> files, string foreignNamespace, params string[] rooms) =>
        from file in files
        where !rooms.Contains(file.Room)
        where CSharpText.DottedNames(file.Code).Concat(CSharpText.Identifiers(file.Code)).Any(
            name => name == foreignNamespace || name.StartsWith(foreignNamespace + ".", StringComparison.Ordinal))
        select $"{file} ({file.Room}) names {foreignNamespace}";

    /// <summary>Finds what a file names of <c>System.Net.Http</c>; every file sees it by an implicit using.</summary>
    public static IEnumerable<string> HttpTypesNamedBy(SourceFile file) => CSharpText.Identifiers(file.Code)
        .Distinct()
        .Where(HttpTypes.Contains)
        .Concat(CSharpText.DottedNames(file.Code).Where(
            static name => name.StartsWith("System.Net.Http", StringComparison.Ordinal)));
}
