using System.Net;

namespace RetryHandler.Tests.EndToEnd.Experiments;

/// <summary>
/// The innermost handler: an upstream at its worst, in memory, that counts the responses nobody disposed of.
/// </summary>
internal sealed class ChaosHandler : HttpMessageHandler
{
    private int _responses;
    private int _disposed;

    /// <summary>Gets how many responses were given.</summary>
    public int Responses => Volatile.Read(ref _responses);

    /// <summary>Gets how many of them are not disposed of.</summary>
    public int LostResponses => Responses - Volatile.Read(ref _disposed);

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (call, step) = Begin(request, cancellationToken);
        switch (call.Next(3))
        {
            case 0:
                await Task.Yield();
                break;
            case 1:
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellationToken);
                break;
            default:
                break;
        }

        if (step == ChaosStep.Hang)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        return End(call, step);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (call, step) = Begin(request, cancellationToken);
        if (step == ChaosStep.Hang)
        {
            cancellationToken.WaitHandle.WaitOne(TimeSpan.FromSeconds(10));
            cancellationToken.ThrowIfCancellationRequested();
        }

        return End(call, step);
    }

    private static (ChaosCall Call, ChaosStep Step) Begin(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = ChaosCall.Of(request);
        var step = call.NextStep();
        call.PassPoint();
        cancellationToken.ThrowIfCancellationRequested();
        return (call, step);
    }

    private CountedResponse End(ChaosCall call, ChaosStep step)
    {
        call.PassPoint();
        var status = step switch
        {
            ChaosStep.Succeed => HttpStatusCode.OK,
            ChaosStep.Throttle => HttpStatusCode.TooManyRequests,
            ChaosStep.NotFound => HttpStatusCode.NotFound,
            ChaosStep.Refuse => throw new HttpRequestException(HttpRequestError.ConnectionError, ChaosBody.Mark),
            ChaosStep.Break => throw new HttpRequestException(ChaosBody.Mark, ChaosBody.Failure()),
            ChaosStep.InnerTimeout => throw new TaskCanceledException(ChaosBody.Mark, new TimeoutException()),
            _ => HttpStatusCode.ServiceUnavailable,
        };
        Interlocked.Increment(ref _responses);
        var response = new CountedResponse(this, status) { RequestMessage = call.Request };
        if (step != ChaosStep.Succeed)
        {
            response.Content = new ChaosBody(step, call);
        }

        if (step == ChaosStep.UnavailableWithDelay)
        {
            response.Headers.TryAddWithoutValidation("Retry-After", "0.002");
        }

        return response;
    }

    private sealed class CountedResponse(ChaosHandler handler, HttpStatusCode status) : HttpResponseMessage(status)
    {
        private int _isDisposed;

        protected override void Dispose(bool disposing)
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            {
                Interlocked.Increment(ref handler._disposed);
            }

            base.Dispose(disposing);
        }
    }
}
