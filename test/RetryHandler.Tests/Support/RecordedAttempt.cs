namespace RetryHandler.Tests.Support;

/// <summary>One attempt as the scripted upstream saw it.</summary>
internal sealed record RecordedAttempt(
    string Method, Uri? Uri, string? Body, IReadOnlyDictionary<string, string> Headers, TimeSpan At);
