using System.Net.Http.Headers;

namespace RetryHandler.Tests.Support;

internal static class HeaderLines
{
    /// <summary>Adds headers as they are: lines such as "Retry-After: 5", with a bar between two.</summary>
    public static void AddLines(this HttpResponseHeaders headers, string lines)
    {
        foreach (var line in lines.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers.TryAddWithoutValidation(line[..colon], line[(colon + 1)..].Trim());
        }
    }
}
