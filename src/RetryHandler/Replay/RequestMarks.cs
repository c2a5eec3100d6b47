namespace RetryHandler.Replay;

/// <summary>What the caller said about one request, kept in its options.</summary>
internal static class RequestMarks
{
    private static readonly HttpRequestOptionsKey<bool> Disabled = new("RetryHandler.Disabled");
    private static readonly HttpRequestOptionsKey<bool> Repeatable = new("RetryHandler.Repeatable");

    private static readonly HttpRequestOptionsKey<int> Attempts = new("RetryHandler.MaxAttempts");

    public static void SetMaxAttempts(HttpRequestMessage request, int attempts) =>
        request.Options.Set(Attempts, attempts);

    public static int? MaxAttempts(HttpRequestMessage request) =>
        request.Options.TryGetValue(Attempts, out var attempts) ? attempts : null;

    public static void Disable(HttpRequestMessage request) => request.Options.Set(Disabled, true);

    public static void MarkRepeatable(HttpRequestMessage request) => request.Options.Set(Repeatable, true);

    public static bool IsDisabled(HttpRequestMessage request) =>
        request.Options.TryGetValue(Disabled, out var disabled) && disabled;

    public static bool IsRepeatable(HttpRequestMessage request) =>
        request.Options.TryGetValue(Repeatable, out var repeatable) && repeatable;
}
