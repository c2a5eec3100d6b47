using System.Net;
using System.Text;

namespace RetryHandler.Tests.Support;

/// <summary>
/// An inner handler that answers from a script, one step per attempt (the last step repeats), and records what arrived.
/// </summary>
internal sealed class ScriptedHandler(
    TimeProvider timeProvider, params Func<HttpRequestMessage, HttpResponseMessage>[] steps)
    : HttpMessageHandler
{
    private readonly long _start = timeProvider.GetTimestamp();
    private readonly List<RecordedAttempt> _attempts = [];

    public ScriptedHandler(params Func<HttpRequestMessage, HttpResponseMessage>[] steps)
        : this(TimeProvider.System, steps)
    {
    }

    public IReadOnlyList<RecordedAttempt> Attempts
    {
        get
        {
            lock (_attempts)
            {
                return [.. _attempts];
            }
        }
    }

    /// <summary>Gets whether the content is read like a transport does it, before the step runs.</summary>
    public bool ReadsContent { get; init; } = true;

    /// <summary>Gets the responses given so far.</summary>
    public List<TrackedResponse> Responses { get; } = [];

    public static Func<HttpRequestMessage, HttpResponseMessage> Status(
        int status, string? body = null, params (string Name, string Value)[] headers) =>
        request => Respond(request, status, body, headers);

    public static Func<HttpRequestMessage, HttpResponseMessage> Throw(Func<Exception> exception) =>
        _ => throw exception();

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (request.Content is null || !ReadsContent)
        {
            return Answer(request, null);
        }

        // As a transport does it: ReadAsStringAsync would buffer the content and make everything repeatable.
        using var bytes = new MemoryStream();
        await request.Content.CopyToAsync(bytes, cancellationToken);
        return Answer(request, Encoding.UTF8.GetString(bytes.ToArray()));
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (request.Content is null || !ReadsContent)
        {
            return Answer(request, null);
        }

        using var bytes = new MemoryStream();
        request.Content.CopyTo(bytes, null, cancellationToken);
        return Answer(request, Encoding.UTF8.GetString(bytes.ToArray()));
    }

    private static TrackedResponse Respond(
        HttpRequestMessage request, int status, string? body, (string Name, string Value)[] headers)
    {
        var response = new TrackedResponse((HttpStatusCode)status) { RequestMessage = request };
        if (body is not null)
        {
            response.Content = new StringContent(body);
        }

        foreach (var (name, value) in headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, value))
            {
                response.Content.Headers.Remove(name);
                response.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return response;
    }

    private HttpResponseMessage Answer(HttpRequestMessage request, string? body)
    {
        int index;
        lock (_attempts)
        {
            index = _attempts.Count;
            _attempts.Add(new RecordedAttempt(
                request.Method.Method,
                request.RequestUri,
                body,
                request.Headers.ToDictionary(h => h.Key, h => string.Join(",", h.Value)),
                timeProvider.GetElapsedTime(_start)));
        }

        var response = steps[Math.Min(index, steps.Length - 1)](request);
        if (response is TrackedResponse tracked)
        {
            lock (_attempts)
            {
                Responses.Add(tracked);
            }
        }

        return response;
    }
}
