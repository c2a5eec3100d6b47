namespace RetryHandler.Tests.Support;

/// <summary>An inner handler that answers, or hangs until it is cancelled.</summary>
internal sealed class HangingHandler(Func<bool> hangs) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (hangs())
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        return new HttpResponseMessage();
    }
}
