namespace RetryHandler.Replay;

/// <summary>What the caller said about one request, and only some calls look for; kept in its options.</summary>
internal static class RequestMarks
{
    private static readonly HttpRequestOptionsKey<bool> Disabled = new("RetryHandler.Disabled");
    private static readonly HttpRequestOptionsKey<bool> Repeatable = new("RetryHandler.Repeatable");
    private static readonly HttpRequestOptionsKey<int> Attempts = new("RetryHandler.MaxAttempts");

    // Where nobody ever marked a request, nobody's options are looked at: the first look allocates them (104 B).
    private static volatile bool IsUsed;

    public static void SetMaxAttempts(HttpRequestMessage request, int attempts) => Set(request, Attempts, attempts);

    public static int? MaxAttempts(HttpRequestMessage request) =>
        IsUsed && request.Options.TryGetValue(Attempts, out var attempts) ? attempts : null;

    public static void Disable(HttpRequestMessage request) => Set(request, Disabled, true);

    public static void MarkRepeatable(HttpRequestMessage request) => Set(request, Repeatable, true);

    public static bool IsDisabled(HttpRequestMessage request) =>
        IsUsed && request.Options.TryGetValue(Disabled, out var disabled) && disabled;

    public static bool IsRepeatable(HttpRequestMessage request) =>
        IsUsed && request.Options.TryGetValue(Repeatable, out var repeatable) && repeatable;

    private static void Set<T>(HttpRequestMessage request, HttpRequestOptionsKey<T> key, T value)
    {
        request.Options.Set(key, value);
        IsUsed = true;
    }
}
