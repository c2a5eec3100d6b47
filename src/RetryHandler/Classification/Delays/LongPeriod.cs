namespace RetryHandler.Classification;

/// <summary>Finds names of limits per day or month: "daily", "RequestsPerDay", "Daily-limit".</summary>
internal static class LongPeriod
{
    public static bool IsIn(ReadOnlySpan<char> name) =>
        Has(name, "daily") || Has(name, "perday") || Has(name, "per_day") || Has(name, "per-day") || Has(name, "month")
        || name.Equals("day", StringComparison.OrdinalIgnoreCase);

    private static bool Has(ReadOnlySpan<char> name, string word) =>
        name.Contains(word, StringComparison.OrdinalIgnoreCase);
}
