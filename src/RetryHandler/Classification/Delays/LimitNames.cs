namespace RetryHandler.Classification;

/// <summary>Says what headers are about, by the words in their names.</summary>
internal static class LimitNames
{
    public const string Remaining = "remaining";

    /// <summary>
    /// How many limits of one response are read: for each all headers are gone through, and whoever sends thousands
    /// means no good.
    /// </summary>
    public const int MostLimits = 32;

    private const StringComparison IgnoreCase = StringComparison.OrdinalIgnoreCase;

    // What begins with another one comes before it.
    private static readonly string[] Suffixes =
        ["-after", "-in", "-at", "-timestamp", "-time", "time", "-ms", "-seconds"];

    // Limits on what is open or stored, which no passing of time resets.
    private static readonly string[] NoRates = ["concurren", "storage"];

    private static readonly string[] OtherUnits =
        ["token", "point", "cost", "byte", "bandwidth", "complexity", "credit", "unit", "weight"];

    private static readonly (string Word, TimeSpan Length)[] Windows =
    [
        ("second", TimeSpan.FromSeconds(1)),
        ("minute", TimeSpan.FromMinutes(1)),
        ("minlimit", TimeSpan.FromMinutes(1)),
        ("hour", TimeSpan.FromHours(1)),
    ];

    public static bool IsLimit(ReadOnlySpan<char> name) =>
        name.Contains("limit", IgnoreCase) || name.Contains("quota", IgnoreCase);

    /// <summary>Finds the <c>RateLimit</c> field of the IETF, also with a prefix.</summary>
    public static bool IsField(ReadOnlySpan<char> name) =>
        name.EndsWith("RateLimit", IgnoreCase) && (name.Length == "RateLimit".Length || name[^10] == '-');

    /// <summary>Finds the word in the name of a limit on the rate, or -1.</summary>
    public static int IndexOfRemaining(ReadOnlySpan<char> name)
    {
        var index = name.Length > Remaining.Length ? name.IndexOf(Remaining, IgnoreCase) : -1;
        return index >= 0 && IsLimit(name) && !LongPeriod.IsIn(name) && !ContainsAny(name, NoRates) ? index : -1;
    }

    /// <summary>Finds what a name has between the given beginning and end.</summary>
    /// <returns>Nothing when the name does not begin and end so.</returns>
    public static ReadOnlySpan<char> Between(
        ReadOnlySpan<char> name, ReadOnlySpan<char> before, ReadOnlySpan<char> after) =>
        name.Length > before.Length + after.Length
        && name.StartsWith(before, IgnoreCase)
        && name.EndsWith(after, IgnoreCase)
            ? name[before.Length..^after.Length]
            : default;

    /// <summary>Finds whether a word is "reset", also as in "resets-at" or "reset-after".</summary>
    public static bool IsReset(ReadOnlySpan<char> word) =>
        word.StartsWith("reset", IgnoreCase) && LengthOfReset(word) == word.Length;

    /// <summary>Measures the word "reset" and what belongs to it.</summary>
    public static int LengthOfReset(ReadOnlySpan<char> name)
    {
        var length = name.StartsWith("resets", IgnoreCase) ? "resets".Length : "reset".Length;
        foreach (var suffix in Suffixes)
        {
            if (name[length..].StartsWith(suffix, IgnoreCase))
            {
                return length + suffix.Length;
            }
        }

        return length;
    }

    public static bool CountsRequests(ReadOnlySpan<char> name) => !ContainsAny(name, OtherUnits);

    /// <summary>Finds the window that a name speaks of.</summary>
    public static TimeSpan? WindowOf(ReadOnlySpan<char> name)
    {
        foreach (var (word, length) in Windows)
        {
            if (name.Contains(word, IgnoreCase))
            {
                return length;
            }
        }

        return null;
    }

    /// <summary>Finds the header that says which part of an API a limit is for.</summary>
    public static bool IsScope(ReadOnlySpan<char> name) =>
        (name.EndsWith("-bucket", IgnoreCase) || name.EndsWith("-resource", IgnoreCase)) && IsLimit(name);

    private static bool ContainsAny(ReadOnlySpan<char> name, string[] words)
    {
        foreach (var word in words)
        {
            if (name.Contains(word, IgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
