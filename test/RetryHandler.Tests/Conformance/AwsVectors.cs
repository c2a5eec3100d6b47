using System.Text.Json;

namespace RetryHandler.Tests.Conformance;

/// <summary>The vectors of <c>Data/aws-vectors.json</c>, cut into parts that can be tested alone.</summary>
internal static class AwsVectors
{
    /// <summary>Texts about the vectors; nothing in them can be executed.</summary>
    private static readonly HashSet<string> Metadata = ["meta", "sources", "note", "derived", "path", "rule"];

    /// <summary>Entries whose parts share a state, so that each is one vector.</summary>
    private static readonly HashSet<string> Indivisible =
    [
        "cubic.cubic-success-1",
        "cubic.cubic-success-2-with-throttles",
        "cubic.cubic-success-2-divergent-go-rust",
        "limiter_end_to_end.sending-rates",
        "backoff.js-mixed-1",
        "backoff.js-mixed-2",
        "error_identification.query_compat_header",
    ];

    public static IReadOnlyList<Vector> All { get; } = [.. Load()];

    /// <summary>Makes one test case for each vector at or under a key that is not excluded.</summary>
    public static IEnumerable<TestCaseData> Under(string key)
    {
        var cases = All
            .Where(vector => vector.IsAtOrUnder(key) && ExcludedVectors.ReasonFor(vector) is null)
            .Select(vector => new TestCaseData(vector).SetArgDisplayNames(vector.Key))
            .ToList();
        return cases.Count > 0
            ? cases
            : throw new ArgumentException($"No vector to run at or under '{key}'.", nameof(key));
    }

    private static IEnumerable<Vector> Load()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Data", "aws-vectors.json");
        var root = JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;
        return Properties(string.Empty, root);
    }

    private static IEnumerable<Vector> Walk(string key, JsonElement json, JsonElement owner) => json.ValueKind switch
    {
        JsonValueKind.Array => Items(key, json, owner),
        JsonValueKind.Object when !Indivisible.Contains(key) => Properties(key, json),
        _ => [new Vector(key, json, owner)],
    };

    private static IEnumerable<Vector> Properties(string key, JsonElement json)
    {
        foreach (var property in json.EnumerateObject().Where(static property => !Metadata.Contains(property.Name)))
        {
            var name = property.Name is "cases" or "values" ? key
                : key.Length == 0 ? property.Name
                : $"{key}.{property.Name}";
            foreach (var vector in Walk(name, property.Value, json))
            {
                yield return vector;
            }
        }
    }

    private static IEnumerable<Vector> Items(string key, JsonElement json, JsonElement owner)
    {
        var index = 0;
        foreach (var item in json.EnumerateArray())
        {
            var isObject = item.ValueKind == JsonValueKind.Object;
            var name = isObject && item.TryGetProperty("id", out var id) ? $"{key}.{id}" : $"{key}[{index}]";
            index++;
            var parts = isObject && !Indivisible.Contains(name) && item.TryGetProperty("cases", out var cases)
                ? Walk(name, cases, item)
                : [new Vector(name, item, owner)];
            foreach (var vector in parts)
            {
                yield return vector;
            }
        }
    }
}
