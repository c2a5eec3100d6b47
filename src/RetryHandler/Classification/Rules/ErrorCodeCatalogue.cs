using System.Text;

namespace RetryHandler.Classification;

/// <summary>The known error codes. Only letters and digits are compared, without regard to case.</summary>
/// <remarks>
/// Parts are searched for anywhere in a code, because APIs combine the same few words; whole codes are those whose
/// words mean something else elsewhere. What is taken out matters more than what is put in: a wrong "throttled" slows
/// a healthy client, a missed one costs a retry.
/// </remarks>
internal static class ErrorCodeCatalogue
{
    // Wherever a code says one of these, the upstream refuses because of rate, concurrency or load.
    private static readonly byte[][] ThrottlingParts = Parts(
        "throttl", "toomanyrequest", "toomanycalls", "toomanyconcurrent", "ratelimit", "ratequota", "rateexceeded",
        "slowdown", "requestlimitexceeded", "requestlimitreached", "concurrencylimit", "concurrentlimit",
        "serverbusy", "servertoobusy", "overload", "spikearrest", "rejectedexecution", "provisionedthroughput",
        "bandwidthlimit", "querylimit", "frequencylimit", "floodwait", "overqps", "qpslimit", "flowcontrol",
        "toofrequent");

    // The list that the AWS SDKs share, without LimitExceededException. They look at codes first, whatever the status.
    private static readonly CodeSet CertainCodes = new(
    [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException",
        "EC2ThrottledException", "TooManyRequestsException", "ProvisionedThroughputExceededException",
        "TransactionInProgressException", "RequestLimitExceeded", "BandwidthLimitExceeded", "SlowDown",
        "PriorRequestNotComplete",
    ]);

    private static readonly CodeSet ThrottlingCodes = new(
    [
        "429",
        "servingLimitExceeded",          // Google: "the overall rate limit specified for the API"
        "temporary-reduced-capacity",    // IETF RateLimit problem types
        "abnormal-usage-detected",
        "COMPLEXITY_BUDGET_EXHAUSTED",   // monday.com: points per minute
        "ComplexityException",
    ]);

    // Codes about settings and fields, whatever other words they hold.
    private static readonly byte[][] UnrelatedParts = Parts(
        "invalid", "validation", "malformed", "notfound", "unknown", "missing", "unsupported", "notsupported",
        "notallowed", "notathrottl", "notthrottl", "config", "setting", "disabled", "required", "denied", "forbidden",
        "alreadyexists", "duplicate", "storagequota");

    private static readonly CodeSet TransientCodes = new(
    [
        "InternalError",                 // AWS, S3 in a 200
        "lock_timeout",                  // Stripe: another call holds the object
        "ModelNotReadyException",        // Bedrock: 429 while a model is being loaded
        "DisruptionBudget",              // Kubernetes: 429 for an eviction that has to wait
        "too_many_write_operations",     // Dropbox: 409 for a lock
        "CCE.01429002",                  // Huawei: 429 for a lock
        "EService:Unavailable",          // Kraken
        "EService:Busy",
        "EGeneral:Internal error",
    ]);

    private static readonly CodeSet TimeoutCodes = new(["RequestTimeout", "RequestTimeoutException"]);

    private static readonly CodeSet NeverCodes = new(
    [
        "cluster_block_exception",       // Elasticsearch: the disk is full, the index read-only
        "RESOURCE_QUOTA_EXCEEDED",       // Google: a count of resources, not a rate
        "too_many_attempts",             // Auth0: the account is blocked
        "request_too_large",
        "context_length_exceeded",
    ]);

    private static readonly byte[][] QuotaParts = Parts(
        "insufficientquota", "exceededcurrentquota", "usagecap", "creditsexhausted", "outofcredit", "billinglimit",
        "billinghardlimit", "billingquota", "billingnotactive", "overdaily", "dailylimit", "dailyquota", "dailyusage",
        "dailyrequest", "perday", "monthlylimit", "monthlyquota", "monthlyusage", "permonth", "arrearage",
        "spendinglimit", "paymentrequired");

    // HubSpot's policies; as parts these words would be about reports and the like.
    private static readonly CodeSet QuotaCodes = new(["DAILY", "MONTHLY"]);

    private static readonly byte[][] SomeQuotaParts = Parts("quotaexceeded", "quotaexhausted", "exceededquota");

    private static readonly byte[][] BalanceParts = Parts("insufficientbalance", "insufficientcredit", "creditbalance");

    private static readonly byte[][] LockParts = Parts(
        "locktimeout", "lockconflict", "resourcelock", "lockedresource", "anotheroperation", "operationinprogress",
        "conflict");

    private static readonly byte[][] DeniedParts = Parts(
        "accessdenied", "permission", "forbidden", "unauthorized", "notauthorized", "notconfigured", "notenabled",
        "insufficientaccess", "insufficientscope");

    private static readonly byte[][] InvalidParts = Parts("invalid", "validation", "malformed", "badrequest");

    private static readonly byte[][] CardParts = Parts("card", "payment");

    private static readonly CodeSet LimitExceededCodes = new(["LimitExceededException"]);

    private static readonly CodeSet IdentityProviderCodes = new(["IDPCommunicationError"]);

    /// <param name="code">A normalized code.</param>
    /// <param name="settings">The user's own codes.</param>
    public static CodeSigns Find(ReadOnlySpan<byte> code, ClassificationSettings settings)
    {
        if (code.IsEmpty)
        {
            return CodeSigns.None;
        }

        return Sign(settings.ThrottlingErrorCodes.Contains(code), CodeSigns.UserThrottling)
            | Sign(settings.TransientErrorCodes.Contains(code), CodeSigns.UserTransient)
            | Sign(CertainCodes.Contains(code), CodeSigns.Throttling | CodeSigns.CertainThrottling)
            | Sign(IsThrottling(code), CodeSigns.Throttling)
            | Sign(LimitExceededCodes.Contains(code), CodeSigns.Throttling | CodeSigns.LimitExceeded)
            | Sign(TransientCodes.Contains(code), CodeSigns.Transient)
            | Sign(TimeoutCodes.Contains(code), CodeSigns.Transient | CodeSigns.Timeout)
            | Sign(NeverCodes.Contains(code), CodeSigns.Never)
            | Sign(IsQuota(code), CodeSigns.Quota)
            | Sign(HasPart(code, SomeQuotaParts) && !HasPart(code, UnrelatedParts), CodeSigns.SomeQuota)
            | Sign(HasPart(code, BalanceParts), CodeSigns.Balance)
            | Sign(HasPart(code, LockParts), CodeSigns.Lock)
            | Sign(HasPart(code, DeniedParts), CodeSigns.Denied)
            | Sign(HasPart(code, InvalidParts), CodeSigns.Invalid)
            | Sign(HasPart(code, CardParts), CodeSigns.Card)
            | Sign(IdentityProviderCodes.Contains(code), CodeSigns.IdentityProvider);
    }

    private static bool IsThrottling(ReadOnlySpan<byte> code) =>
        ThrottlingCodes.Contains(code) || (HasPart(code, ThrottlingParts) && !HasPart(code, UnrelatedParts));

    private static bool IsQuota(ReadOnlySpan<byte> code) =>
        QuotaCodes.Contains(code) || (HasPart(code, QuotaParts) && !HasPart(code, UnrelatedParts));

    private static CodeSigns Sign(bool present, CodeSigns signs) => present ? signs : CodeSigns.None;

    private static bool HasPart(ReadOnlySpan<byte> code, byte[][] parts)
    {
        foreach (var part in parts)
        {
            if (code.IndexOf(part) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private static byte[][] Parts(params string[] parts) => [.. parts.Select(Encoding.ASCII.GetBytes)];
}
