namespace RetryHandler.Tests.Conventions;

/// <summary>Finds which types of other rooms a file names.</summary>
/// <remarks>
/// A file is a type, so a file's name is the type's name. What a file uses without naming it (the type of a property of
/// a property, behind <c>var</c>) is not seen; the room that hands it out has named it.
/// </remarks>
internal sealed class RoomDependencies(IReadOnlyCollection<SourceFile> files)
{
    private const string Library = "RetryHandler";

    private readonly Dictionary<string, string> _roomOfType =
        files.ToDictionary(static file => file.TypeName, static file => file.Room);

    /// <summary>Gets the names of all types by room.</summary>
    public ILookup<string, string> TypesOfRoom { get; } =
        files.ToLookup(static file => file.Room, static file => file.TypeName);

    /// <summary>Finds the types of other rooms that a file names, each once.</summary>
    public IEnumerable<string> TypesNamedBy(SourceFile file) => CSharpText.Identifiers(file.Code)
        .Distinct()
        .Where(name => _roomOfType.TryGetValue(name, out var room) && room != file.Room);

    /// <summary>Finds the rooms whose namespace a file names, by <c>using</c> or in full.</summary>
    public IEnumerable<string> NamespacesNamedBy(SourceFile file) => CSharpText.DottedNames(file.Code)
        .Select(static name => name.Split('.'))
        .Where(static parts => parts[0] == Library)
        .Select(static parts => parts[1])
        .Where(room => TypesOfRoom.Contains(room) && room != file.Room)
        .Distinct();

    /// <summary>Finds every arrow that <paramref name="allowed"/> does not hold.</summary>
    /// <param name="allowed">By room: the types and the whole rooms (<c>Room.*</c>) it may name.</param>
    public IEnumerable<string> FindForbidden(IReadOnlyDictionary<string, string[]> allowed)
    {
        foreach (var file in files)
        {
            var mayName = allowed.GetValueOrDefault(file.Room, []);
            foreach (var type in TypesNamedBy(file).Where(type => !MayName(mayName, type)))
            {
                yield return $"{file.Path} ({file.Room}) names {type} ({_roomOfType[type]})";
            }

            foreach (var room in NamespacesNamedBy(file).Where(room => !TypesOfRoom[room].Any(type => MayName(mayName, type))))
            {
                yield return $"{file.Path} ({file.Room}) names the namespace {Library}.{room}";
            }
        }
    }

    /// <summary>Finds every entry of <paramref name="allowed"/> that nothing needs any more.</summary>
    public IEnumerable<string> FindUnused(IReadOnlyDictionary<string, string[]> allowed)
    {
        var named = files.ToLookup(static file => file.Room);
        foreach (var (room, entries) in allowed)
        {
            var types = named[room].SelectMany(TypesNamedBy).ToHashSet();
            foreach (var entry in entries.Where(entry => !types.Any(type => MayName([entry], type))))
            {
                yield return $"{room} may name {entry}, but does not";
            }
        }
    }

    private bool MayName(string[] allowed, string type) =>
        allowed.Contains(type) || allowed.Contains($"{_roomOfType[type]}.*");
}
