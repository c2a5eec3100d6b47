using System.Runtime.CompilerServices;

namespace RetryHandler.Retry;

/// <summary>Keeps what was done for a call beside its response, for as long as the response lives.</summary>
internal static class AdaptiveRetryInfos
{
    private static readonly ConditionalWeakTable<HttpResponseMessage, object> Table = [];

    /// <summary>Attaches the info, unless it is the one that nearly every call has.</summary>
    public static AttemptOutcome Attach(in AttemptOutcome outcome, AdaptiveRetryInfo info)
    {
        if (outcome.Response is { } response && info != AdaptiveRetryInfo.OneAttempt)
        {
            // Replaces what an inner retry layer may have said of the same response.
            Table.AddOrUpdate(response, info);
        }

        return outcome;
    }

    public static AdaptiveRetryInfo Of(HttpResponseMessage response) =>
        Table.TryGetValue(response, out var info) ? (AdaptiveRetryInfo)info : AdaptiveRetryInfo.OneAttempt;
}
