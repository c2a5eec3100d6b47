using System.Runtime.CompilerServices;

namespace RetryHandler.Replay;

/// <summary>The total times of single requests.</summary>
/// <remarks>
/// Beside the requests and not in their options, because every call has to look here: the first look at a message's
/// options allocates them.
/// </remarks>
internal static class RequestTimeouts
{
    private static readonly ConditionalWeakTable<HttpRequestMessage, object> Table = [];
    private static volatile bool IsUsed;

    public static void Set(HttpRequestMessage request, TimeSpan timeout)
    {
        Table.AddOrUpdate(request, timeout);
        IsUsed = true;
    }

    public static TimeSpan? Find(HttpRequestMessage? request) =>
        IsUsed && request is not null && Table.TryGetValue(request, out var timeout) ? (TimeSpan)timeout : null;
}
