namespace RetryHandler.Tests.Conventions;

/// <summary>Finds which files name the types of other libraries.</summary>
internal static class ForeignDependencies
{
    private static readonly HashSet<string> HttpTypes =
    [
        .. typeof(HttpClient).Assembly.GetExportedTypes().Select(static type => type.Name.Split('`')[0]),
    ];

    /// <summary>Finds the files that name a namespace or anything below it.</summary>
    /// <param name="files">The files to look at.</param>
    /// <param name="foreignNamespace">The namespace.</param>
    /// <param name="places">The rooms and single files that may name it.</param>
    public static IEnumerable<string> FindForbidden(
        IEnumerable<SourceFile> files, string foreignNamespace, params string[] places) =>
        from file in files
        where !places.Contains(file.Room) && !places.Contains(file.Path)
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
