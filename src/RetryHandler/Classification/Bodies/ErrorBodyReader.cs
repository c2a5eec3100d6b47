namespace RetryHandler.Classification;

/// <summary>Reads the first bytes of an error body and hands the complete body on.</summary>
internal static class ErrorBodyReader
{
    /// <summary>
    /// Reads at most <paramref name="maxBytes"/>, for at most <paramref name="timeout"/>, and replaces the response's
    /// content by one that begins with those bytes and goes on with the rest.
    /// </summary>
    /// <returns>The bytes that came; empty when the body is not worth a look.</returns>
    public static async ValueTask<ReadOnlyMemory<byte>> PeekAsync(
        HttpResponseMessage response,
        int maxBytes,
        TimeSpan timeout,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        var content = response.Content;
        var length = content.Headers.ContentLength;
        if (maxBytes == 0 || length == 0 || content.Headers.ContentEncoding.Count > 0)
        {
            return default;
        }

        var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var peek = new BodyPeek(stream, (int)Math.Min(length ?? maxBytes, maxBytes));
        await peek.FillAsync(timeout, timeProvider, cancellationToken).ConfigureAwait(false);
        response.Content = new PeekedContent(content, peek);
        return peek.Bytes;
    }
}
