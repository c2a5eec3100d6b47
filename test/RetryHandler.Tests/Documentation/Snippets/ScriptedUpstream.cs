using System.Net;

namespace RetryHandler.Tests.Documentation.Snippets;

/// <summary>Answers from a script, one status for each attempt; the last one repeats.</summary>
internal sealed class ScriptedUpstream(params HttpStatusCode[] answers) : HttpMessageHandler
{
    private int _attempts;

    public int Attempts => _attempts;

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var attempt = Interlocked.Increment(ref _attempts);
        var answer = answers[Math.Min(attempt, answers.Length) - 1];
        return Task.FromResult(new HttpResponseMessage(answer) { RequestMessage = request });
    }
}
