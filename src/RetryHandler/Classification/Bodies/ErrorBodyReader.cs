using System.Globalization;

namespace RetryHandler.Classification;

/// <summary>Reads the first bytes of a body and hands the complete body on.</summary>
internal static class ErrorBodyReader
{
    // What a response without content has.
    private static readonly Type EmptyContent = TypeOfEmptyContent();

    /// <summary>
    /// Reads at most <paramref name="maxBytes"/>, for at most <paramref name="timeout"/>, and sees to it that the
    /// response's content still begins with those bytes.
    /// </summary>
    /// <returns>The bytes that came; empty when the body is not worth a look.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled; the body is lost.</exception>
    public static ValueTask<ReadOnlyMemory<byte>> PeekAsync(
        HttpResponseMessage response,
        int maxBytes,
        TimeSpan timeout,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        if (maxBytes == 0
            || response.Content.GetType() == EmptyContent
            || response.RequestMessage?.Method == HttpMethod.Head)
        {
            return default;
        }

        var headers = response.Content.Headers.NonValidated;
        if (headers.TryGetValues("Content-Encoding", out var encoding) && IsEncoding(encoding.ToString()))
        {
            return default;
        }

        // The property Content-Length would add the header to contents that can compute it.
        var length = headers.TryGetValues("Content-Length", out var values)
            && long.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var declared)
            ? declared
            : maxBytes;
        return length == 0
            ? default
            : PeekAsync(
                response, new PeekLimits((int)Math.Min(length, maxBytes), timeout, timeProvider), cancellationToken);
    }

    private static Type TypeOfEmptyContent()
    {
        using var response = new HttpResponseMessage();
        return response.Content.GetType();
    }

    private static async ValueTask<ReadOnlyMemory<byte>> PeekAsync(
        HttpResponseMessage response, PeekLimits limits, CancellationToken cancellationToken)
    {
        var content = response.Content;
        if (await OpenAsync(content, limits, cancellationToken).ConfigureAwait(false) is not { } stream)
        {
            return default;
        }

        var start = stream.CanSeek ? stream.Position : 0;
        var peek = new BodyPeek(content, stream);
        try
        {
            await peek.FillAsync(limits, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            peek.Dispose();
            throw;
        }

        if (stream.CanSeek && peek.Pending is null)
        {
            // A body in memory, which may be read again and from any position: it stays as it was.
            stream.Position = start;
        }
        else
        {
            response.Content = new PeekedContent(content, peek);
        }

        return peek.Bytes;
    }

    /// <returns><see langword="null"/> when the body can't be read, or not in time; the caller will see why.</returns>
    private static async ValueTask<Stream?> OpenAsync(
        HttpContent content, PeekLimits limits, CancellationToken cancellationToken)
    {
        try
        {
            var open = content.ReadAsStreamAsync(cancellationToken);
            await limits.WaitAsync(open, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return open.IsCompletedSuccessfully ? await open.ConfigureAwait(false) : null;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Compressed bytes are not decoded: a few of them may stand for a gigabyte.</summary>
    private static bool IsEncoding(string encoding) =>
        encoding.Length > 0 && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase);
}
