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
    private static readonly Phrases ThrottlingParts = new(
        "throttled", "throttling", "throttler", "throttleexceed", "throttlelimit",
        "throttleviolation", "throttleburst", "requestthrottle", "apithrottle", "toomanyrequest", "toomanycalls",
        "toomanyconcurrent", "ratelimit", "ratequota", "rateexceeded", "slowdown", "requestlimitexceeded",
        "requestlimitreached", "concurrencylimit", "concurrentlimit", "serverbusy", "servertoobusy", "spikearrest",
        "rejectedexecution", "provisionedthroughput", "bandwidthlimit", "querylimit", "frequencylimit", "floodwait",
        "overqps", "overrate", "qpslimit", "flowcontrol", "toofrequent", "apilimitexceeded", "apilimitreached",
        "calllimitexceeded", "calllimitreached", "invocationlimitexceeded");

    // Other things have a throttle too, and motors an overload: codes like these count where the status agrees.
    private static readonly Phrases OverloadParts = new(
        "overloaded", "serveroverload", "serviceoverload", "systemoverload", "overloaderror", "overloadexception",
        "throttleerror", "throttleexception");

    private static readonly CodeSet OverloadCodes = new(["overload", "throttle"]);

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
        "maxlag",                        // MediaWiki: its database lags behind
    ]);

    // Codes about settings and fields, whatever other words they hold.
    private static readonly Phrases UnrelatedParts = new(
        "invalid", "validation", "malformed", "notfound", "unknown", "missing", "unsupported", "notsupported",
        "notallowed", "notathrottl", "notthrottl", "config", "setting", "disabled", "required", "denied", "forbidden",
        "alreadyexists", "duplicate", "storagequota", "conflict", "inbatch", "batchrequestlimit",
        "failedto", "ambiguousover", "methodover");

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

    private static readonly Phrases QuotaParts = new(
        "insufficientquota", "exceededcurrentquota", "usagecap", "creditsexhausted", "outofcredit", "billinglimit",
        "billinghardlimit", "billingquota", "billingnotactive", "overdaily", "dailylimit", "dailyquota", "dailyusage",
        "dailyrequest", "perday", "monthlylimit", "monthlyquota", "monthlyusage", "permonth", "arrearage",
        "spendinglimit");

    // HubSpot's policies, and what as a part of a code would be about reports, fields and the like.
    private static readonly CodeSet QuotaCodes = new(["DAILY", "MONTHLY", "PaymentRequired"]);

    private static readonly Phrases SomeQuotaParts = new("quotaexceeded", "quotaexhausted", "exceededquota");

    private static readonly Phrases BalanceParts = new("insufficientbalance", "insufficientcredit", "creditbalance");

    private static readonly Phrases LockParts = new(
        "locktimeout", "resourcelock", "lockedresource", "anotheroperation", "operationinprogress",
        "conflict");

    private static readonly Phrases DeniedParts = new(
        "denied", "disallowed", "signature", "permission", "forbidden", "unauthorized", "notauthorized",
        "notconfigured", "notenabled", "insufficientaccess", "insufficientscope");

    private static readonly Phrases InvalidParts = new("invalid", "validation", "malformed", "badrequest");

    private static readonly Phrases CardParts = new("card", "declined", "paymentmethod", "paymentintent");

    // Of a code that is one of a limit anyway: which limit.
    private static readonly Phrases ConcurrencyParts = new("concurren", "simultaneous");

    // Two who change one thing at the same time are no limit.
    private static readonly Phrases ChangeParts = new("modif", "update", "edit", "change");

    private static readonly CodeSet LimitExceededCodes = new(["LimitExceededException"]);

    private static readonly CodeSet IdentityProviderCodes = new(["IDPCommunicationError"]);

    // Codes that say no more than that there is an error.
    private static readonly CodeSet GenericCodes = new(
    [
        "error", "errors", "fail", "failed", "failure", "exception", "blank", "http", "client", "server", "sender",
        "receiver", "OAuthException", "GraphMethodException", "ApiError", "ApiException", "ClientError",
        "ClientException", "ServerError", "HttpError", "HttpException", "RequestError", "RequestFailed", "unknown",
    ]);

    public static bool IsGeneric(ReadOnlySpan<byte> code) => GenericCodes.Contains(code);

    /// <param name="code">A normalized code.</param>
    /// <param name="settings">The user's own codes.</param>
    public static CodeSigns Find(ReadOnlySpan<byte> code, ClassificationSettings settings)
    {
        if (code.IsEmpty)
        {
            return CodeSigns.None;
        }

        Span<ulong> bits = stackalloc ulong[LetterPairs.Size];
        bits.Clear();
        var pairs = new LetterPairs(bits);
        pairs.Add(code);
        return Sign(settings.ThrottlingErrorCodes.Contains(code), CodeSigns.UserThrottling)
            | Sign(settings.TransientErrorCodes.Contains(code), CodeSigns.UserTransient)
            | Sign(CertainCodes.Contains(code), CodeSigns.Throttling | CodeSigns.CertainThrottling)
            | Sign(IsThrottling(code, pairs), CodeSigns.Throttling)
            | Sign(IsOverload(code, pairs), CodeSigns.Overload)
            | Sign(LimitExceededCodes.Contains(code), CodeSigns.Throttling | CodeSigns.LimitExceeded)
            | Sign(TransientCodes.Contains(code), CodeSigns.Transient)
            | Sign(TimeoutCodes.Contains(code), CodeSigns.Transient | CodeSigns.Timeout)
            | Sign(NeverCodes.Contains(code), CodeSigns.Never)
            | Sign(IsQuota(code, pairs), CodeSigns.Quota)
            | Sign(SomeQuotaParts.AreIn(code, pairs) && !UnrelatedParts.AreIn(code, pairs), CodeSigns.SomeQuota)
            | Sign(BalanceParts.AreIn(code, pairs), CodeSigns.Balance)
            | Sign(LockParts.AreIn(code, pairs), CodeSigns.Lock)
            | Sign(DeniedParts.AreIn(code, pairs), CodeSigns.Denied)
            | Sign(InvalidParts.AreIn(code, pairs), CodeSigns.Invalid)
            | Sign(CardParts.AreIn(code, pairs), CodeSigns.Card)
            | Sign(ConcurrencyParts.AreIn(code, pairs) && !ChangeParts.AreIn(code, pairs), CodeSigns.Concurrency)
            | Sign(IdentityProviderCodes.Contains(code), CodeSigns.IdentityProvider);
    }

    private static bool IsThrottling(ReadOnlySpan<byte> code, LetterPairs pairs) =>
        ThrottlingCodes.Contains(code) || (ThrottlingParts.AreIn(code, pairs) && !UnrelatedParts.AreIn(code, pairs));

    private static bool IsOverload(ReadOnlySpan<byte> code, LetterPairs pairs) =>
        OverloadCodes.Contains(code)
        || IsTooManyOfSome(code)
        || (OverloadParts.AreIn(code, pairs) && !UnrelatedParts.AreIn(code, pairs));

    /// <summary>Finds too_many_search_requests, which with other statuses may be too_many_friend_requests.</summary>
    private static bool IsTooManyOfSome(ReadOnlySpan<byte> code) =>
        code.StartsWith("toomany"u8)
        && (code.EndsWith("requests"u8) || code.EndsWith("calls"u8) || code.EndsWith("queries"u8));

    private static bool IsQuota(ReadOnlySpan<byte> code, LetterPairs pairs) =>
        QuotaCodes.Contains(code) || (QuotaParts.AreIn(code, pairs) && !UnrelatedParts.AreIn(code, pairs));

    private static CodeSigns Sign(bool present, CodeSigns signs) => present ? signs : CodeSigns.None;
}
