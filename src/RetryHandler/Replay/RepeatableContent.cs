using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Json;

namespace RetryHandler.Replay;

/// <summary>Which request contents can be sent more than once.</summary>
/// <remarks>
/// A spent body would fail the second attempt with an exception that hides the upstream's answer. And a look must not
/// change what is looked at: <see cref="HttpContent.ReadAsStream()"/> keeps its stream inside the content, and an inner
/// handler that reads it later (to sign the request, say) would find that stream, spent.
/// </remarks>
internal static class RepeatableContent
{
    /// <summary>
    /// Gets whether the content can be sent again after an attempt, when a look spoils nothing any more.
    /// </summary>
    public static bool CanSendAgain(HttpContent content, bool isBuffered)
    {
        try
        {
            return content switch
            {
                JsonContent json => !IsAsyncEnumerable(json.ObjectType),
                MultipartContent parts => parts.All(static part => CanSendAgain(part, isBuffered: false)),
                ByteArrayContent or ReadOnlyMemoryContent => content.ReadAsStream().CanSeek,

                // A derived type may write something else than the stream.
                _ => (isBuffered || content.GetType() == typeof(StreamContent)) && content.ReadAsStream().CanSeek,
            };
        }
        catch (ObjectDisposedException)
        {
            // An inner handler disposed the content. The upstream's answer says more than this exception would.
            return false;
        }
    }

    /// <summary>Gets whether the content can be sent again only when it has been read into memory.</summary>
    /// <remarks>
    /// A stream content whose length nobody declared, and that still knows it, has a stream that can go back.
    /// </remarks>
    public static bool NeedsBuffer(HttpContent content) =>
        content is not (ByteArrayContent or ReadOnlyMemoryContent or JsonContent or MultipartContent)
        && (content.GetType() != typeof(StreamContent) || content.Headers.NonValidated.Contains("Content-Length"));

    /// <summary>Reads a content that can be sent only once into memory, if its length is known and small.</summary>
    /// <returns>Whether it did.</returns>
    public static ValueTask<bool> BufferIfSmallAsync(
        HttpContent content, int maxBytes, bool isSynchronous, CancellationToken cancellationToken)
    {
        if (!(content.Headers.ContentLength <= maxBytes))
        {
            return default;
        }

        if (!isSynchronous)
        {
            return LoadAsync(content, maxBytes, cancellationToken);
        }

        // The thread of a synchronous call is blocked meanwhile, so nothing may want to come back to it; and a content
        // of the user's own may be unable to write itself asynchronously.
        return content.GetType() == typeof(StreamContent)
            ? new(Task.Run(() => LoadAsync(content, maxBytes, cancellationToken).AsTask(), cancellationToken))
            : default;
    }

    private static async ValueTask<bool> LoadAsync(
        HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
#if NET9_0_OR_GREATER
        await content.LoadIntoBufferAsync(maxBytes, cancellationToken).ConfigureAwait(false);
#else
        // No token here: the wait is left instead, and what becomes of the reading has nobody to tell.
        var loading = content.LoadIntoBufferAsync(maxBytes);
        _ = loading.ContinueWith(
            static task => _ = task.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        await loading.WaitAsync(cancellationToken).ConfigureAwait(false);
#endif
        return true;
    }

    [UnconditionalSuppressMessage(
        "Trimming",
        "IL2070:UnrecognizedReflectionPattern",
        Justification = "A type whose IAsyncEnumerable interface was trimmed can't be serialised as one either.")]
    private static bool IsAsyncEnumerable(Type type) =>
        type.GetInterfaces().Append(type).Any(
            static t => t.IsGenericType && t.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>));
}
