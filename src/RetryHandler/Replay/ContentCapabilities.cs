using System.Net.Http.Json;

namespace RetryHandler.Replay;

/// <summary>Finds out how often a content can be sent, before anything is sent.</summary>
/// <remarks>
/// Decided by capability and in advance: a spent body would fail the second attempt with an exception that hides the
/// upstream's answer.
/// </remarks>
internal static class ContentCapabilities
{
    public static ContentCapability Of(HttpContent? content, int maxBufferedBytes) =>
        IsRewindable(content) ? ContentCapability.Rewindable
        : content!.Headers.ContentLength <= maxBufferedBytes ? ContentCapability.Bufferable
        : ContentCapability.SingleShot;

    private static bool IsRewindable(HttpContent? content) => content switch
    {
        null or ByteArrayContent or ReadOnlyMemoryContent or JsonContent => true,
        StreamContent stream => stream.ReadAsStream().CanSeek,
        MultipartContent parts => parts.All(IsRewindable),
        _ => false,
    };
}
