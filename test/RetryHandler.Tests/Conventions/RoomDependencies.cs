using System.Text.RegularExpressions;

namespace RetryHandler.Tests.Conventions;

/// <summary>Finds which types of other rooms a file names.</summary>
/// <remarks>
/// What a file uses without naming it (the type of a property of a property, behind <c>var</c>) is not seen; the room
/// that hands it out has named it.
/// </remarks>
internal sealed class RoomDependencies(IReadOnlyCollection<SourceFile> files)
{
    private const string Library = "RetryHandler";

    private readonly Dictionary<string, SourceFile> _types = files.ToDictionary(static file => file.TypeName);
    private readonly HashSet<string> _rooms = [.. files.Select(static file => file.Room)];

    /// <summary>Finds what the rules do not allow.</summary>
    public IEnumerable<string> FindForbidden(RoomRules rules) => files.SelectMany(file => FindForbidden(rules, file));

    /// <summary>Finds every permission of the rules that nothing needs any more.</summary>
    public IEnumerable<string> FindUnused(RoomRules rules)
    {
        var named = files.SelectMany(TypesNamedBy, static (file, type) => (File: file, Type: type)).ToList();
        var used = named.Select(static arrow => (From: arrow.File.Path, To: arrow.Type.TypeName)).Concat(
            named.Select(static arrow => (
                From: arrow.File.Room, To: arrow.Type.IsPublic ? arrow.Type.TypeName : arrow.Type.Room)));
        return rules.Permissions.Except(used).Select(static pair => $"{pair.From} does not need {pair.To}");
    }

    private IEnumerable<string> FindForbidden(RoomRules rules, SourceFile file)
    {
        var forbidden = TypesNamedBy(file).Where(type => !rules.Allow(file, type)).Select(static type =>
            $"names the {(type.IsPublic ? "public" : "internal")} type {type.TypeName} ({type.Room})");
        var imports = RoomsImportedBy(file)
            .Where(room => !_types.Values.Any(type => type.Room == room && rules.Allow(file, type)))
            .Select(static room => $"imports the namespace {Library}.{room}");
        return forbidden.Concat(imports).Select(offence => $"{file} ({file.Room}) {offence}");
    }

    private IEnumerable<SourceFile> TypesNamedBy(SourceFile file)
    {
        var names = CSharpText.Identifiers(file.Code).ToHashSet();
        return _types.Values.Where(type =>
            type.Room != file.Room
            && names.Contains(type.TypeName)
            && ((file.Sees(type.Namespace) && IsNamedAsType(file.Code, type.TypeName))
                || file.Code.Contains($"{type.Room}.{type.TypeName}", StringComparison.Ordinal)));
    }

    /// <summary>Tells a type from a member of the same name: one after a dot, or a method.</summary>
    private static bool IsNamedAsType(string code, string name) =>
        Regex.IsMatch(code, $@"(?<!\.\s*)\b{name}\b(?!\s*\()|\bnew\s+{name}\b");

    private IEnumerable<string> RoomsImportedBy(SourceFile file) => CSharpText.DottedNames(file.Code)
        .Select(static name => name.Split('.'))
        .Where(parts => parts[0] == Library && _rooms.Contains(parts[1]) && parts[1] != file.Room)
        .Select(static parts => parts[1])
        .Distinct();
}
