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

    /// <summary>Finds what the two maps do not hold.</summary>
    /// <param name="arrows">By room: the rooms whose internal types it may name.</param>
    /// <param name="vocabulary">By room: the public types of other rooms that it may name.</param>
    public IEnumerable<string> FindForbidden(
        IReadOnlyDictionary<string, string[]> arrows, IReadOnlyDictionary<string, string[]> vocabulary)
    {
        foreach (var file in files)
        {
            var rooms = arrows.GetValueOrDefault(file.Room, []);
            var types = vocabulary.GetValueOrDefault(file.Room, []);
            foreach (var type in TypesNamedBy(file))
            {
                if (!(type.IsPublic ? types.Contains(type.TypeName) : rooms.Contains(type.Room)))
                {
                    var sort = type.IsPublic ? "public" : "internal";
                    yield return $"{file} ({file.Room}) names the {sort} type {type.TypeName} ({type.Room})";
                }
            }

            foreach (var room in RoomsImportedBy(file).Except(rooms))
            {
                yield return $"{file} ({file.Room}) imports the namespace {Library}.{room}";
            }
        }
    }

    /// <summary>Finds every entry of the two maps that nothing needs any more.</summary>
    public IEnumerable<string> FindUnused(
        IReadOnlyDictionary<string, string[]> arrows, IReadOnlyDictionary<string, string[]> vocabulary)
    {
        var named = files.SelectMany(TypesNamedBy, static (file, type) => (From: file.Room, Type: type)).ToList();
        var rooms = from arrow in named where !arrow.Type.IsPublic select (arrow.From, To: arrow.Type.Room);
        var types = from arrow in named where arrow.Type.IsPublic select (arrow.From, To: arrow.Type.TypeName);
        return Pairs(arrows).Except(rooms).Concat(Pairs(vocabulary).Except(types))
            .Select(static pair => $"{pair.From} does not need {pair.To}");
    }

    private static IEnumerable<(string From, string To)> Pairs(IReadOnlyDictionary<string, string[]> map) =>
        map.SelectMany(static entry => entry.Value, static (entry, to) => (entry.Key, to));

    private IEnumerable<SourceFile> TypesNamedBy(SourceFile file)
    {
        var names = CSharpText.Identifiers(file.Code).ToHashSet();
        var qualified = CSharpText.DottedNames(file.Code).ToList();
        return _types.Values.Where(type =>
            type.Room != file.Room
            && names.Contains(type.TypeName)
            && (file.Sees(type.Namespace) || qualified.Any(
                name => name.Contains($"{type.Room}.{type.TypeName}", StringComparison.Ordinal))));
    }

    private IEnumerable<string> RoomsImportedBy(SourceFile file) => CSharpText.DottedNames(file.Code)
        .Select(static name => name.Split('.'))
        .Where(parts => parts[0] == Library && _rooms.Contains(parts[1]) && parts[1] != file.Room)
        .Select(static parts => parts[1])
        .Distinct();
}
