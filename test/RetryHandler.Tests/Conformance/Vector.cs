using System.Text.Json;

namespace RetryHandler.Tests.Conformance;

/// <summary>One entry of the AWS vectors.</summary>
/// <param name="Key">Its place in the file, by id where it has one: <c>classification.throttling_cases[3]</c>.</param>
/// <param name="Json">The entry.</param>
/// <param name="Owner">What the entry stands in, for values that its siblings share.</param>
public sealed record Vector(string Key, JsonElement Json, JsonElement Owner)
{
    /// <summary>Gets the last part of the key: an id, a property name, or the name of a list and an index.</summary>
    public string Name => Key[(Key.LastIndexOf('.') + 1)..];

    public bool IsAtOrUnder(string key) =>
        Key.StartsWith(key, StringComparison.Ordinal)
        && (Key.Length == key.Length || Key[key.Length] is '.' or '[');

    public override string ToString() => Key;
}
