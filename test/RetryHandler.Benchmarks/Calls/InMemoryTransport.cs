using System.Net;

namespace RetryHandler.Benchmarks.Calls;

/// <summary>An upstream in memory: it refuses and fails as often as the request says, and then answers 200.</summary>
internal sealed class InMemoryTransport(InnerKind kind) : HttpMessageHandler
{
    private TaskCompletionSource<HttpResponseMessage>? _waiting;
    private HttpResponseMessage? _answer;

    /// <summary>Completes the attempt that was left open, and what follows it on this thread.</summary>
    /// <returns>Whether there was one.</returns>
    public bool CompleteWaiting()
    {
        if (_waiting is not { } waiting)
        {
            return false;
        }

        _waiting = null;
        waiting.SetResult(_answer!);
        return true;
    }

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = Answer((BenchmarkRequest)request);
        if (kind == InnerKind.AtOnce)
        {
            return Task.FromResult(answer);
        }

        if (kind == InnerKind.ThreadPool)
        {
            return AnswerFromPoolAsync(answer);
        }

        (_waiting, _answer) = (new(), answer);
        return _waiting.Task;
    }

    private static async Task<HttpResponseMessage> AnswerFromPoolAsync(HttpResponseMessage answer)
    {
        await Task.Yield();
        return answer;
    }

    private static HttpResponseMessage Answer(BenchmarkRequest request) =>
        new(NextStatus(request))
        {
            RequestMessage = request,

            // As every answer that came over a network has some.
            Headers = { { "Server", "benchmark" } },
        };

    private static HttpStatusCode NextStatus(BenchmarkRequest request)
    {
        if (request.IsRefused)
        {
            request.IsRefused = false;
            return HttpStatusCode.TooManyRequests;
        }

        if (request.FailuresLeft == 0)
        {
            return HttpStatusCode.OK;
        }

        request.FailuresLeft--;
        return HttpStatusCode.ServiceUnavailable;
    }
}
