using System.Runtime.CompilerServices;

namespace RetryHandler.Replay;

/// <summary>The partition keys of single requests.</summary>
/// <remarks>Beside the requests for the reason of <see cref="RequestTimeouts"/>.</remarks>
internal static class RequestPartitions
{
    private static readonly ConditionalWeakTable<HttpRequestMessage, string> Table = [];
    private static volatile bool IsUsed;

    public static void Set(HttpRequestMessage request, string key)
    {
        Table.AddOrUpdate(request, key);
        IsUsed = true;
    }

    public static string? Find(HttpRequestMessage request) =>
        IsUsed && Table.TryGetValue(request, out var key) ? key : null;
}
