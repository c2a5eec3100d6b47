namespace RetryHandler.Classification;

/// <summary>Finds in a <c>RateLimit</c> field when to come back.</summary>
internal static class RateLimitField
{
    /// <summary>Finds the longest delay of the limits that are used up, or that the body names as violated.</summary>
    public static DelayHint Read(ReadOnlySpan<char> field, List<string>? violated)
    {
        var longest = default(DelayHint);
        foreach (var item in new RateLimitItems(field))
        {
            longest = item.Remaining == 0 || IsViolated(item.Name, violated) ? longest.OrLonger(item.Reset) : longest;
        }

        return longest;
    }

    private static bool IsViolated(ReadOnlySpan<char> name, List<string>? violated)
    {
        foreach (var policy in violated ?? [])
        {
            if (name.SequenceEqual(policy))
            {
                return true;
            }
        }

        return false;
    }
}
