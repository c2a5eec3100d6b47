namespace RetryHandler.Benchmarks.Calls;

/// <summary>Does nothing, asynchronously.</summary>
internal sealed class PassThroughHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken) =>
        await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
}
