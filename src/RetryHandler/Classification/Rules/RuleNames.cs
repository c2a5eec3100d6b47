using System.Globalization;

namespace RetryHandler.Classification;

/// <summary>The names of the rules, for logs and metrics: few and stable.</summary>
internal static class RuleNames
{
    public const string UserCode = "user-code";
    public const string GrpcStatus = "grpc-status";
    public const string QuotaCode = "quota-code";
    public const string QuotaHeader = "quota-header";
    public const string QuotaText = "quota-text";
    public const string LongDelay = "long-delay";
    public const string ShouldRetry = "should-retry";
    public const string NeverCode = "never-code";
    public const string NeverText = "never-text";
    public const string TransientCode = "transient-code";
    public const string TransientText = "transient-text";
    public const string HeaderCode = "header-code";
    public const string BodyCode = "code";
    public const string SuccessBody = "success-body";
    public const string Gateway = "header-gateway";
    public const string Text = "text";

    private static readonly string?[] Statuses = new string?[1000];

    public static string Status(int status) =>
        (uint)status < (uint)Statuses.Length
            ? Statuses[status] ??= string.Create(CultureInfo.InvariantCulture, $"status-{status}")
            : "status";
}
