using System.Text.Json;

namespace RetryHandler.Tests.Conformance;

/// <summary>Turns a response of a vector into a step of the scripted upstream.</summary>
internal static class AwsAnswer
{
    public static Func<HttpRequestMessage, HttpResponseMessage> Success { get; } = ScriptedHandler.Status(200);

    /// <summary>Reads status, error_code, headers, body or transport_error.</summary>
    public static Func<HttpRequestMessage, HttpResponseMessage> From(JsonElement response)
    {
        if (response.Has("transport_error"))
        {
            return TransportError(response.Text("transport_error")!);
        }

        var body = response.Has("body") ? BodyOf(response.GetProperty("body"))
            : response.Has("error_code") ? JsonBody(response.Text("error_code"))
            : null;
        return Status(response.Integer("status"), body, HeadersOf(response));
    }

    /// <summary>Answers with a body of the type that the services declare for it.</summary>
    public static Func<HttpRequestMessage, HttpResponseMessage> Status(
        int status, string? body, params (string Name, string Value)[] headers)
    {
        var hasType = body is null || headers.Any(
            static header => header.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase));
        var type = body is ['<', ..] ? "text/xml" : "application/x-amz-json-1.1";
        return ScriptedHandler.Status(status, body, hasType ? headers : [.. headers, ("Content-Type", type)]);
    }

    public static string? JsonBody(string? code) =>
        code is null ? null : JsonSerializer.Serialize(new Dictionary<string, string> { ["__type"] = code });

    private static string? BodyOf(JsonElement body) => body.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => body.GetString(),
        _ => body.GetRawText(),
    };

    private static (string Name, string Value)[] HeadersOf(JsonElement response) => response.Has("headers")
        ? [.. response.GetProperty("headers").EnumerateObject().Select(
            static header => (header.Name, header.Value.GetString()!))]
        : [];

    // What SocketsHttpHandler throws in these cases.
    private static Func<HttpRequestMessage, HttpResponseMessage> TransportError(string name) => name switch
    {
        "connection error" => ScriptedHandler.Throw(
            static () => new HttpRequestException(HttpRequestError.ConnectionError, "connection refused")),
        "connect timeout" => ScriptedHandler.Throw(
            static () => new TaskCanceledException("connect", new TimeoutException("connect"))),
        "read timeout" => ScriptedHandler.Throw(
            static () => new TaskCanceledException("read", new TimeoutException("read"))),
        "HTTP client error" => ScriptedHandler.Throw(
            static () => new HttpRequestException("send", new IOException("connection reset"))),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "An unknown transport error."),
    };
}
