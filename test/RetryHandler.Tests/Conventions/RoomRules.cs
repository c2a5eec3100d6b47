namespace RetryHandler.Tests.Conventions;

/// <summary>Which room may know what.</summary>
/// <param name="Arrows">By room: the rooms whose internal types it may name.</param>
/// <param name="Vocabulary">By room: the public types of other rooms that it may name.</param>
/// <param name="Exceptions">By file: the internal types that it may name although its room may not.</param>
internal sealed record RoomRules(
    IReadOnlyDictionary<string, string[]> Arrows,
    IReadOnlyDictionary<string, string[]> Vocabulary,
    IReadOnlyDictionary<string, string[]> Exceptions)
{
    private static readonly Dictionary<string, string[]> Nothing = [];

    /// <summary>Gets rules under which each room is alone.</summary>
    public static RoomRules Strictest { get; } = new(Nothing, Nothing, Nothing);

    public IEnumerable<(string From, string To)> Permissions =>
        new[] { Arrows, Vocabulary, Exceptions }.SelectMany(static map => map).SelectMany(
            static entry => entry.Value, static (entry, to) => (entry.Key, to));

    public bool Allow(SourceFile file, SourceFile type) =>
        type.IsPublic ? Holds(Vocabulary, file.Room, type.TypeName)
        : Holds(Arrows, file.Room, type.Room) || Holds(Exceptions, file.Path, type.TypeName);

    private static bool Holds(IReadOnlyDictionary<string, string[]> map, string from, string to) =>
        map.TryGetValue(from, out var allowed) && allowed.Contains(to);
}
