using System.Net;

namespace RetryHandler.Classification;

/// <summary>Finds the successes whose bodies may be looked at.</summary>
internal static class SuccessBody
{
    private const StringComparison IgnoreCase = StringComparison.OrdinalIgnoreCase;

    // Streams, of which reading the beginning may hold the caller up; pages and pictures, which hold no errors.
    private static readonly string[] Excluded = ["stream", "ndjson", "jsonl", "json-seq", "html", "image/"];

    public static bool IsInspected(HttpResponseMessage response, ClassificationSettings settings) =>
        settings.InspectSuccessBodies
        && response.StatusCode == HttpStatusCode.OK
        && MediaType(response) is var type
        && (type.Contains("json", IgnoreCase) || type.Contains("xml", IgnoreCase))
        && !IsExcluded(type);

    /// <summary>A list on its own is one of records.</summary>
    public static bool IsList(ReadOnlySpan<byte> body) => body.TrimStart(" \t\r\n"u8).StartsWith("["u8);

    public static bool IsXml(HttpResponseMessage response) => MediaType(response).Contains("xml", IgnoreCase);

    private static ReadOnlySpan<char> MediaType(HttpResponseMessage response)
    {
        if (!response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var values))
        {
            return default;
        }

        var type = values.ToString().AsSpan();
        var end = type.IndexOf(';');
        return end < 0 ? type : type[..end];
    }

    private static bool IsExcluded(ReadOnlySpan<char> type)
    {
        foreach (var word in Excluded)
        {
            if (type.Contains(word, IgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
