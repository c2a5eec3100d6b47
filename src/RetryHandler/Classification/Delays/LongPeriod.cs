namespace RetryHandler.Classification;

/// <summary>Finds names of limits per day or month: "daily", "RequestsPerDay", "Remaining-Day".</summary>
internal static class LongPeriod
{
    public static bool IsIn(ReadOnlySpan<char> name) =>
        Has(name, "daily") || Has(name, "perday") || Has(name, "per_day") || Has(name, "per-day") || Has(name, "month")
        || Has(name, "daylimit") || Has(name, "byday")
        || name.EndsWith("-day", StringComparison.OrdinalIgnoreCase)
        || name.Equals("day", StringComparison.OrdinalIgnoreCase);

    private static bool Has(ReadOnlySpan<char> name, string word) =>
        name.Contains(word, StringComparison.OrdinalIgnoreCase);
}
