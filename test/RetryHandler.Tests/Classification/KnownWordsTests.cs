using System.Text;
using RetryHandler.Classification;

namespace RetryHandler.Tests.Classification;

/// <summary>
/// Each word that the rules know does its work alone: a word that no case of the corpus needs is not lost unnoticed.
/// </summary>
[TestFixture, Parallelizable(ParallelScope.All)]
internal sealed class KnownWordsTests
{
    private static readonly ClassificationSettings Settings = new(new ClassificationOptions());

    /// <summary>Codes that count only as a whole.</summary>
    private static readonly Dictionary<CodeSigns, string[]> Codes = new()
    {
        [CodeSigns.Throttling] =
        [
            "429", "servingLimitExceeded", "temporary-reduced-capacity", "abnormal-usage-detected",
            "COMPLEXITY_BUDGET_EXHAUSTED", "ComplexityException", "maxlag",
        ],
        [CodeSigns.Overload] =
        [
            "overload", "throttle",
        ],
        [CodeSigns.CertainThrottling] =
        [
            "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled",
            "RequestThrottledException", "EC2ThrottledException", "TooManyRequestsException",
            "ProvisionedThroughputExceededException", "TransactionInProgressException", "RequestLimitExceeded",
            "BandwidthLimitExceeded", "SlowDown", "PriorRequestNotComplete",
        ],
        [CodeSigns.Transient] =
        [
            "InternalError", "lock_timeout", "ModelNotReadyException", "DisruptionBudget",
            "too_many_write_operations", "CCE.01429002", "EService:Unavailable", "EService:Busy",
            "EGeneral:Internal error",
        ],
        [CodeSigns.Timeout] =
        [
            "RequestTimeout", "RequestTimeoutException",
        ],
        [CodeSigns.Never] =
        [
            "cluster_block_exception", "RESOURCE_QUOTA_EXCEEDED", "too_many_attempts", "request_too_large",
            "context_length_exceeded",
        ],
        [CodeSigns.Quota] =
        [
            "DAILY", "MONTHLY", "PaymentRequired",
        ],
        [CodeSigns.LimitExceeded] =
        [
            "LimitExceededException",
        ],
        [CodeSigns.IdentityProvider] =
        [
            "IDPCommunicationError",
        ],
    };

    /// <summary>Words that count anywhere in a code.</summary>
    private static readonly Dictionary<CodeSigns, string[]> Parts = new()
    {
        [CodeSigns.Throttling] =
        [
            "throttled", "throttling", "throttler", "throttleexceed", "throttlelimit", "throttleviolation",
            "throttleburst", "requestthrottle", "apithrottle", "toomanyrequest", "toomanycalls", "toomanyconcurrent",
            "ratelimit", "ratequota", "rateexceeded", "slowdown", "requestlimitexceeded", "requestlimitreached",
            "concurrencylimit", "concurrentlimit", "serverbusy", "servertoobusy", "spikearrest", "rejectedexecution",
            "provisionedthroughput", "bandwidthlimit", "querylimit", "frequencylimit", "floodwait", "overqps",
            "overrate", "qpslimit", "flowcontrol", "toofrequent", "apilimitexceeded", "apilimitreached",
            "calllimitexceeded", "calllimitreached", "invocationlimitexceeded",
        ],
        [CodeSigns.Overload] =
        [
            "overloaded", "serveroverload", "serviceoverload", "systemoverload", "overloaderror", "overloadexception",
            "throttleerror", "throttleexception",
        ],
        [CodeSigns.Quota] =
        [
            "insufficientquota", "exceededcurrentquota", "usagecap", "creditsexhausted", "outofcredit",
            "billinglimit", "billinghardlimit", "billingquota", "billingnotactive", "overdaily", "dailylimit",
            "dailyquota", "dailyusage", "dailyrequest", "perday", "monthlylimit", "monthlyquota", "monthlyusage",
            "permonth", "arrearage", "spendinglimit",
        ],
        [CodeSigns.SomeQuota] =
        [
            "quotaexceeded", "quotaexhausted", "exceededquota",
        ],
        [CodeSigns.Balance] =
        [
            "insufficientbalance", "insufficientcredit", "creditbalance",
        ],
        [CodeSigns.Lock] =
        [
            "locktimeout", "resourcelock", "lockedresource", "anotheroperation", "operationinprogress", "conflict",
        ],
        [CodeSigns.Denied] =
        [
            "denied", "disallowed", "signature", "permission", "forbidden", "unauthorized", "notauthorized",
            "notconfigured", "notenabled", "insufficientaccess", "insufficientscope",
        ],
        [CodeSigns.Invalid] =
        [
            "invalid", "validation", "malformed", "badrequest",
        ],
        [CodeSigns.Card] =
        [
            "card", "declined", "paymentmethod", "paymentintent",
        ],
    };

    /// <summary>Words about settings and fields: with them a code is about something else.</summary>
    private static readonly string[] Unrelated =
    [
        "invalid", "validation", "malformed", "notfound", "unknown", "missing", "unsupported", "notsupported",
        "notallowed", "notathrottl", "notthrottl", "config", "setting", "disabled", "required", "denied", "forbidden",
        "alreadyexists", "duplicate", "storagequota", "conflict", "inbatch", "batchrequestlimit", "failedto",
        "ambiguousover", "methodover",
    ];

    /// <summary>Codes that say no more than that there is an error.</summary>
    private static readonly string[] Generic =
    [
        "error", "errors", "fail", "failed", "failure", "exception", "blank", "http", "client", "server", "sender",
        "receiver", "OAuthException", "GraphMethodException", "ApiError", "ApiException", "ClientError",
        "ClientException", "ServerError", "HttpError", "HttpException", "RequestError", "RequestFailed", "unknown",
    ];

    private static readonly Dictionary<TextSigns, string[]> Phrases = new()
    {
        [TextSigns.Throttling] =
        [
            "rate limit", "ratelimit", "rate-limit", "too many requests", "too many calls", "too many concurrent",
            "throttl", "slow down", "request rate", "request limit", "requests per second", "requests per minute",
            "requests per hour", "calls per second", "calls per minute", "queries per second", "too frequent",
            "abuse detection", "too many visits", "request frequency", "frequency of request", "frequency limit",
            "requests too ", "rps limit", "qps limit",
        ],
        [TextSigns.Overload] =
        [
            "being throttled", "been throttled", "is throttled", "request throttled", "too busy", "server is busy",
            "server busy", "overloaded", "rate limit exceeded", "exceeded the rate limit", "exceeded rate limit",
            "too many requests", "too many concurrent", "concurrent request", "slow down", "reset reason: overflow",
            "rate exceeded ",
        ],
        [TextSigns.LongPeriod] =
        [
            " daily", " per day", "/day", "/ day", "per-day", " day limit", " for today", "24 hour", "24-hour",
            " monthly", " per month", " current month", " per 1 day", "/month", "/ month", "this month",
            "totalrequests limit", " 86400",
        ],
        [TextSigns.Credits] =
        [
            " credits", " billing", " prepaid", "spending limit",
        ],
        [TextSigns.Balance] =
        [
            " balance ", " credit ",
        ],
        [TextSigns.NoCredit] =
        [
            "credit balance is too low", "credits exhausted", "credits are exhausted", "out of credits",
            "purchase credits", "no credits left", "no credits remaining", "not enough credits",
            "insufficient credits",
        ],
        [TextSigns.CallQuota] =
        [
            "call volume quota", "bandwidth quota", "api quota", "call quota", "request quota", "requests quota",
            "usage quota", "messages quota", "quota will be replenished",
        ],
        [TextSigns.Exceeded] =
        [
            "exceed", "limit", "exhaust", "insufficient", "maximum", "reached", "too low", "out of ", "used up",
            "used all", "run out", "ran out", "over quota", "over the",
        ],
        [TextSigns.Permission] =
        [
            "permission", "not authorized", "unauthorized", "not allowed", "not enabled", "not been enabled",
            "not configured", "admin rights", "access rights", "access to this", "is denied", "access denied",
            "disallowed", "requires ",
        ],
        [TextSigns.TooLarge] =
        [
            "request too large", "request is too large", "larger than the limit", "larger than max",
            "maximum configured message size",
        ],
        [TextSigns.Locked] =
        [
            "locked by", "resource locked", "another operation", "disruption budget",
        ],
        [TextSigns.Concurrency] =
        [
            "concurren", "simultaneous", "in parallel",
        ],
        [TextSigns.ShortPeriod] =
        [
            "per second", "per minute", "per min ", "/sec", "/min", "per hour",
            "per 100 seconds", "current minute", "next minute", "this minute", "this second", "next second",
        ],
        [TextSigns.SecondaryLimit] =
        [
            "secondary rate limit", "abuse detection mechanism",
        ],
        [TextSigns.Over] =
        [
            "exceed", "excessive", "reached", "reach limit", "reach max", "limit met", "limit hit", " hit ",
            "too many", "too frequent", "requests too ", "over your", "over the", "out of rate limit", "rate limited",
            "rate-limited", "ratelimited", "throttled", "slow down", "abuse detection", "secondary rate limit",
        ],
        [TextSigns.Validation] =
        [
            "must be", "must not", "between", "invalid", "at least", "at most", "less than", "greater than",
            "parameter", "allowed value", "allowed range", "cannot be", "can not be", "not found", "does not exist",
            "too long", "required", " rule", "configur", " setting",
        ],
        [TextSigns.CertainRefusal] =
        [
            "rate limit exceeded", "ratelimit exceeded", "rate limit reached", "rate limit hit",
            "exceeded the rate limit", "exceeded rate limit", "exceeded your rate limit",
            "exceeded the api rate limit", "over your rate limit", "out of rate limit", "made too many requests",
            "sent too many requests", "sending too many requests", "making too many requests",
            "too many requests from", "too many calls from", "been rate limited", "being rate limited",
            "are rate limited", "been throttled", "being throttled", "request was throttled", "secondary rate limit",
            "abuse detection mechanism", "request rate threshold exceeded", "access too frequent",
            "requests too frequent", "request too frequent",
        ],
        [TextSigns.Later] =
        [
            "try again", "retry", "later", " wait", "slow down", "back off",
        ],
        [TextSigns.Calls] =
        [
            " api ", " request", " call", " quer", "quota",
        ],
    };

    private static IEnumerable<TestCaseData> CodeCases => CasesOf(Codes);

    private static IEnumerable<TestCaseData> PartCases => CasesOf(Parts);

    private static IEnumerable<TestCaseData> PhraseCases => CasesOf(Phrases);

    [TestCaseSource(nameof(CodeCases))]
    public void Read_KnownCode_HasItsSign(string code, CodeSigns sign) =>
        Assert.That(ErrorCode.ReadWhole(Encoding.ASCII.GetBytes(code), Settings).Has(sign));

    /// <summary>Inside other letters, so that no whole code stands in for it.</summary>
    [TestCaseSource(nameof(PartCases))]
    public void Read_KnownPartOfACode_HasItsSign(string part, CodeSigns sign) =>
        Assert.That(ErrorCode.Read($"x{part}x", Settings).Has(sign));

    [TestCaseSource(nameof(Unrelated))]
    public void Read_CodeAboutSomethingElse_IsNoThrottle(string word)
    {
        var signs = ErrorCode.Read($"{word}ratelimitoverloadedperdayquotaexceeded", Settings);

        Assert.That(
            signs & (CodeSigns.Throttling | CodeSigns.Overload | CodeSigns.Quota | CodeSigns.SomeQuota),
            Is.EqualTo(CodeSigns.None));
    }

    [TestCaseSource(nameof(Generic))]
    public void Read_GenericCode_IsNoOtherReason(string code) =>
        Assert.That(ErrorCode.Read(code, Settings).Has(CodeSigns.Other), Is.False);

    [TestCaseSource(nameof(PhraseCases))]
    public void Read_KnownPhrase_HasItsSign(string phrase, TextSigns sign) =>
        Assert.That(MessageText.Read(Encoding.ASCII.GetBytes($"abc{phrase}xyz")).Has(sign));

    [TestCase("load balance")]
    [TestCase("burst balance")]
    public void Read_BalanceOfSomethingElse_IsNoMoney(string words) =>
        Assert.That(MessageText.Read(Encoding.ASCII.GetBytes($"the {words} is low")).Has(TextSigns.Balance), Is.False);

    [TestCase("credit card")]
    [TestCase("cpu credit")]
    [TestCase("burst credit")]
    [TestCase("io credit")]
    public void Read_CreditOfSomethingElse_IsNoMoney(string words) =>
        Assert.That(MessageText.Read(Encoding.ASCII.GetBytes($"the {words} is low")).Has(TextSigns.Balance), Is.False);

    private static IEnumerable<TestCaseData> CasesOf<T>(Dictionary<T, string[]> words)
        where T : struct, Enum =>
        words.SelectMany(static pair => pair.Value.Select(
            word => new TestCaseData(word, pair.Key).SetArgDisplayNames(word, $"{pair.Key}")));
}
