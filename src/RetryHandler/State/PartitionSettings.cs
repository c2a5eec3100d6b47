namespace RetryHandler.State;

/// <summary>An immutable copy of the partition options.</summary>
internal sealed record PartitionSettings(
    Func<HttpRequestMessage, string?>? SelectKey, int MaxPartitions, TimeSpan IdleTimeout)
{
    public static PartitionSettings From(PartitionOptions options) => new(
        options.KeySelector ?? (options.Kind == PartitionKind.Authority ? AuthorityOf : null),
        options.MaxPartitions,
        options.IdleTimeout);

    private static string? AuthorityOf(HttpRequestMessage request) =>
        request.RequestUri is { IsAbsoluteUri: true } uri
            ? uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)
            : null;
}
