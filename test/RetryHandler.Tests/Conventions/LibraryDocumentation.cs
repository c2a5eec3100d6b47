using System.Reflection;
using System.Xml.Linq;

namespace RetryHandler.Tests.Conventions;

/// <summary>The documentation file that the compiler wrote beside the library.</summary>
internal static class LibraryDocumentation
{
    public static Assembly Library { get; } = typeof(AdaptiveRetryHandler).Assembly;

    public static IReadOnlyDictionary<string, XElement> Members { get; } = XDocument
        .Load(Path.Combine(AppContext.BaseDirectory, "RetryHandler.xml"))
        .Descendants("member")
        .ToDictionary(static member => member.Attribute("name")!.Value);

    /// <summary>Gets every exported type and every member of one that code outside the library can name.</summary>
    public static IEnumerable<MemberInfo> ExportedMembers { get; } =
    [
        .. Library.GetExportedTypes().SelectMany(static type => PublicSurface.MembersOf(type)
            .Where(member => !IsGivenByTheCompiler(type, member) && !IsDefaultConstructor(member))
            .Prepend(type)),
    ];

    public static XElement? For(MemberInfo member) => Members.GetValueOrDefault(DocumentationId.Of(member));

    // The compiler asks for documentation of one that is written out (CS1591); the others have no place for it.
    private static bool IsDefaultConstructor(MemberInfo member) =>
        member is ConstructorInfo constructor && constructor.GetParameters().Length == 0;

    // A record's positional members are documented by the record's own param tags.
    private static bool IsGivenByTheCompiler(Type type, MemberInfo member) =>
        For(type) is { } documentation && documentation.Elements("param").Any() && (member is ConstructorInfo
            || documentation.Elements("param").Any(param => param.Attribute("name")!.Value == member.Name));
}
