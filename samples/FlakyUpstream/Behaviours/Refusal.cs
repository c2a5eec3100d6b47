namespace FlakyUpstream.Behaviours;

/// <summary>The words in which an upstream says "too fast".</summary>
internal sealed record Refusal(int Status, string ContentType, string Body)
{
    private const string ExactHint = "exact";

    public static Refusal TooManyRequests { get; } =
        new(StatusCodes.Status429TooManyRequests, "application/json", """{"error":"Too many requests"}""");

    public static Refusal Overloaded { get; } =
        new(StatusCodes.Status503ServiceUnavailable, "application/json", """{"error":"All slots are taken"}""");

    public static Refusal AwsJson { get; } = new(
        StatusCodes.Status400BadRequest,
        "application/x-amz-json-1.0",
        """{"__type":"com.amazonaws.orders.v20260101#ThrottlingException","message":"Rate exceeded"}""");

    public static Refusal AwsQuery { get; } = new(
        StatusCodes.Status400BadRequest,
        "text/xml",
        """
        <ErrorResponse xmlns="http://orders.amazonaws.com/doc/2026-01-01/">
          <Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error>
          <RequestId>7a62c49f-347e-4fc4-9331-6e8e7a62c49f</RequestId>
        </ErrorResponse>
        """);

    public static Refusal S3 { get; } = new(
        StatusCodes.Status503ServiceUnavailable,
        "application/xml",
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>
        """);

    /// <summary>The text of the Retry-After header; "exact" stands for the true wait, empty for none.</summary>
    public string RetryAfter { get; init; } = "";

    public IResult Answer(HttpResponse response, TimeSpan? wait)
    {
        var hint = RetryAfter == ExactHint ? InWholeSeconds(wait) : RetryAfter;
        if (hint.Length > 0)
        {
            response.Headers.RetryAfter = hint;
        }

        return Results.Content(Body, ContentType, statusCode: Status);
    }

    // Rounded up: a hint that ends before the limit opens would be a lie.
    private static string InWholeSeconds(TimeSpan? wait) =>
        wait is { } time ? FormattableString.Invariant($"{Math.Ceiling(time.TotalSeconds)}") : "";
}
