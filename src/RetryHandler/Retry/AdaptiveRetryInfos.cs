using System.Runtime.CompilerServices;

namespace RetryHandler.Retry;

/// <summary>Keeps what was done for a call beside its response, for as long as the response lives.</summary>
/// <remarks>
/// In the options of the response's request, because a table of weak references slows down every garbage collection:
/// with one entry for each retried call, collections made all calls of a process take four times as long. Only a
/// response that does not know its request is in the table.
/// </remarks>
internal static class AdaptiveRetryInfos
{
    private static readonly HttpRequestOptionsKey<Entry> Key = new("RetryHandler.Info");
    private static readonly ConditionalWeakTable<HttpResponseMessage, Entry> Table = [];

    /// <summary>Attaches the info, unless it is the one that nearly every call has.</summary>
    public static void Attach(HttpResponseMessage? response, AdaptiveRetryInfo info)
    {
        if (response is null || info == AdaptiveRetryInfo.OneAttempt)
        {
            return;
        }

        // Replaces what an inner retry layer may have said of the same response.
        var entry = new Entry(response, info);
        if (response.RequestMessage is { } request)
        {
            request.Options.Set(Key, entry);
        }
        else
        {
            Table.AddOrUpdate(response, entry);
        }
    }

    public static AdaptiveRetryInfo Of(HttpResponseMessage response) =>
        Find(response)?.Info ?? AdaptiveRetryInfo.OneAttempt;

    private static Entry? Find(HttpResponseMessage response) =>
        response.RequestMessage is { } request && request.Options.TryGetValue(Key, out var entry)
        && entry.Response == response ? entry
        : Table.TryGetValue(response, out var known) ? known
        : null;

    // A message may be sent again by its owner, and then have answers of which only the last one's info is here.
    private sealed record Entry(HttpResponseMessage Response, AdaptiveRetryInfo Info);
}
