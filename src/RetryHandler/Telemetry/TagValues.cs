namespace RetryHandler.Telemetry;

/// <summary>Tag values made once: a measurement must not allocate, nor bring a new series for each request.</summary>
internal static class TagValues
{
    /// <summary>Stands for the kind of an attempt whose caller left.</summary>
    public const string Abandoned = "Abandoned";

    /// <summary>The rule of a client that keeps to a limit which the upstream publishes.</summary>
    public const string PublishedBudget = "published-budget";

    /// <summary>The rule of a client that keeps to a rate which its settings name.</summary>
    public const string InitialRate = "initial-rate";

    /// <summary>What the OpenTelemetry conventions call methods that nobody knows.</summary>
    private const string OtherMethod = "_OTHER";

    private const int LowestStatus = 100;
    private const int HighestStatus = 599;

    private static readonly string[] Kinds = Enum.GetNames<FailureKind>();
    private static readonly string[] Reasons = Enum.GetNames<RetryStopReason>();

    private static readonly object[] Statuses =
        [.. Enumerable.Range(LowestStatus, HighestStatus - LowestStatus + 1).Cast<object>()];

    public static string Of(FailureKind kind) => Kinds[(int)kind];

    public static string Of(RetryStopReason reason) => Reasons[(int)reason];

    /// <summary>Gets the boxed status code, or nothing for one that HTTP does not have.</summary>
    public static object? Status(int? status) =>
        status is >= LowestStatus and <= HighestStatus and var known ? Statuses[known - LowestStatus] : null;

    public static string Method(string method) => method switch
    {
        "GET" or "POST" or "PUT" or "DELETE" or "PATCH" or "HEAD" or "OPTIONS" or "TRACE" or "CONNECT" => method,
        _ => OtherMethod,
    };
}
