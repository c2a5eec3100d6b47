using FlakyUpstream.Limits;

namespace FlakyUpstream.Behaviours;

/// <summary>How answers say what is left of the limit.</summary>
internal static class Publication
{
    /// <summary>The kinds by their names, each as a way to write the headers.</summary>
    public static IReadOnlyDictionary<string, Action<IHeaderDictionary, Budget>> Kinds { get; } =
        new Dictionary<string, Action<IHeaderDictionary, Budget>>
        {
            ["ietf"] = WriteIetf,
            ["seconds"] = static (headers, budget) => WriteNames(headers, budget, $"{WholeSeconds(budget)}"),
            ["epoch"] = static (headers, budget) => WriteNames(
                headers, budget, $"{(DateTimeOffset.UtcNow + budget.ResetIn).ToUnixTimeSeconds()}"),
        };

    /// <summary>draft-ietf-httpapi-ratelimit-headers, from revision 08 on.</summary>
    private static void WriteIetf(IHeaderDictionary headers, Budget budget)
    {
        headers["RateLimit-Policy"] =
            FormattableString.Invariant($"\"default\";q={budget.Quota};w={budget.Window.TotalSeconds}");
        headers["RateLimit"] =
            FormattableString.Invariant($"\"default\";r={budget.Remaining};t={WholeSeconds(budget)}");
    }

    private static void WriteNames(IHeaderDictionary headers, Budget budget, FormattableString reset)
    {
        headers["X-RateLimit-Limit"] = FormattableString.Invariant($"{budget.Limit}");
        headers["X-RateLimit-Remaining"] = FormattableString.Invariant($"{budget.Remaining}");
        headers["X-RateLimit-Reset"] = FormattableString.Invariant(reset);
    }

    private static double WholeSeconds(Budget budget) => Math.Ceiling(budget.ResetIn.TotalSeconds);
}
