using System.Net;
using System.Text;
using RetryHandler.Classification;

namespace RetryHandler.Tests.Classification;

/// <summary>Which rule decides: the corpus tells only what comes out.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
internal sealed class ResponseRulesTests
{
    [TestCase(429, "", "", "status-429")]
    [TestCase(418, "Retry-After: 5", "", "status-418")]
    [TestCase(400, "x-error-code: Throttling", "", "header-code")]
    [TestCase(400, "", "{\"code\":\"Throttling\"}", "code")]
    [TestCase(503, "", "{\"code\":\"quotaExceeded\"}", "code")]
    [TestCase(500, "", "{\"code\":\"overloaded\"}", "code")]
    [TestCase(503, "x-envoy-overloaded: true", "", "header-gateway")]
    [TestCase(400, "", "{\"message\":\"(#4) Application request limit reached\"}", "text")]
    [TestCase(503, "", "{\"message\":\"server is busy\"}", "text")]
    public void Judge_Throttled_NamesItsRule(int status, string headers, string body, string rule) =>
        AssertVerdict(status, headers, body, FailureKind.Throttled, rule);

    [TestCase(408, "", "", "status-408", TransientCause.Timeout)]
    [TestCase(500, "", "", "status-500", TransientCause.ServerError)]
    [TestCase(400, "", "{\"code\":\"InternalError\"}", "transient-code", TransientCause.ServerError)]
    [TestCase(400, "", "{\"code\":\"RequestTimeout\"}", "transient-code", TransientCause.Timeout)]
    [TestCase(429, "", "{\"code\":\"resource_locked\",\"type\":\"lock_conflict\"}", "transient-code",
        TransientCause.ServerError)]
    [TestCase(429, "", "{\"message\":\"The object is locked by another user\"}", "transient-text",
        TransientCause.ServerError)]
    [TestCase(409, "x-should-retry: true", "", "should-retry", TransientCause.ServerError)]
    [TestCase(200, "grpc-status: 14", "", "grpc-status", TransientCause.ServerError)]
    public void Judge_Transient_NamesItsRule(
        int status, string headers, string body, string rule, TransientCause cause) =>
        AssertVerdict(status, headers, body, FailureKind.Transient, rule, cause);

    [TestCase(404, "", "", "status-404")]
    [TestCase(503, "x-should-retry: false", "", "should-retry")]
    [TestCase(429, "", "{\"code\":\"too_many_attempts\"}", "never-code")]
    [TestCase(429, "", "{\"message\":\"Request too large for the model\"}", "never-text")]
    [TestCase(402, "", "{\"code\":\"card_declined\"}", "never-code")]
    public void Judge_Permanent_NamesItsRule(int status, string headers, string body, string rule) =>
        AssertVerdict(status, headers, body, FailureKind.Permanent, rule);

    [TestCase(402, "", "", "status-402")]
    [TestCase(456, "", "", "status-456")]
    [TestCase(429, "", "{\"code\":\"insufficient_quota\"}", "quota-code")]
    [TestCase(403, "", "{\"code\":\"payment_required\"}", "quota-code")]
    [TestCase(403, "", "{\"code\":\"quotaExceeded\"}", "quota-code")]
    [TestCase(429, "", "{\"code\":\"insufficient_balance\"}", "quota-code")]
    [TestCase(429, "X-RateLimit-Type: daily", "", "quota-header")]
    [TestCase(400, "X-RateLimit-Type: daily", "{\"code\":\"Throttling\"}", "quota-header")]
    [TestCase(429, "", "{\"message\":\"You exceeded your daily limit\"}", "quota-text")]
    [TestCase(403, "", "{\"message\":\"API call volume quota exceeded\"}", "quota-text")]
    [TestCase(429, "Retry-After: 21600", "", "long-delay")]
    [TestCase(429, "Retry-After: 31622400", "", "long-delay", Description = "366 days")]
    public void Judge_QuotaExhausted_NamesItsRule(int status, string headers, string body, string rule) =>
        AssertVerdict(status, headers, body, FailureKind.QuotaExhausted, rule);

    [TestCase(429, "Retry-After: 21599", "", FailureKind.Throttled)]
    [TestCase(429, "Retry-After: 31622401", "", FailureKind.Throttled)]
    [TestCase(404, "", "{\"code\":\"rateLimitExceeded\"}", FailureKind.Permanent)]
    [TestCase(406, "", "{\"code\":\"rateLimitExceeded\"}", FailureKind.Permanent)]
    [TestCase(416, "", "{\"code\":\"rateLimitExceeded\"}", FailureKind.Permanent)]
    [TestCase(417, "", "{\"code\":\"rateLimitExceeded\"}", FailureKind.Throttled)]
    [TestCase(407, "", "{\"code\":\"rateLimitExceeded\"}", FailureKind.Throttled)]
    [TestCase(408, "", "{\"code\":\"rateLimitExceeded\"}", FailureKind.Throttled)]
    [TestCase(500, "", "{\"code\":\"too_many_attempts\"}", FailureKind.Transient, Description = "not the client's")]
    [TestCase(403, "", "{\"message\":\"quota exceeded, 100 requests per minute: api quota\"}", FailureKind.Permanent)]
    [TestCase(403, "", "{\"message\":\"The permission daily report is not allowed\"}", FailureKind.Permanent)]
    public void Judge_NearMiss_IsSomethingElse(int status, string headers, string body, FailureKind kind) =>
        Assert.That(Classify(status, headers, body).Kind, Is.EqualTo(kind));

    /// <summary>Stripe, Lambda, Microsoft Graph, Salesforce and others say so.</summary>
    [TestCase(429, "Stripe-Rate-Limited-Reason: endpoint-concurrency", "", true)]
    [TestCase(429, "X-Rate-Limit-Problem: Concurrent", "", true)]
    [TestCase(429, "Stripe-Rate-Limited-Reason: endpoint-rate", "", false)]
    [TestCase(429, "", "{\"Reason\":\"ReservedFunctionConcurrentInvocationLimitExceeded\"}", true)]
    [TestCase(429, "", "{\"code\":\"CONCURRENCY_LIMIT_EXCEEDED\"}", true)]
    [TestCase(429, "", "{\"code\":\"TooManySimultaneousRequests\"}", true)]
    [TestCase(429, "", "{\"message\":\"Application is over its MailboxConcurrency limit.\"}", true)]
    [TestCase(429, "", "{\"message\":\"Too many simultaneous requests\"}", true)]
    [TestCase(429, "", "{\"message\":\"Rate limit exceeded\"}", false)]
    [TestCase(429, "", "{\"message\":\"Over 10 requests per second or 5 concurrent requests\"}", false)]
    [TestCase(503, "", "{\"message\":\"Too many concurrent requests\"}", true)]
    [TestCase(429, "", "{\"message\":\"Combined execution time exceeded limit. Decrease number of concurrent requests\"}",
        false, Description = "Dynamics: the limit is a window of five minutes")]
    [TestCase(429, "", "{\"reason\":\"rejected execution of org.elasticsearch.common.util.concurrent.TimedRunnable\"}",
        false, Description = "the name of a class")]
    [TestCase(429, "", "{\"code\":\"ConcurrentModification\"}", false)]
    [TestCase(200, "", "{\"status\":\"fail\",\"code\":\"concurrency_limit\"}", true)]
    [TestCase(200, "", "{\"retCode\":10006,\"retMsg\":\"Too many concurrent visits, exceeded!\"}", true)]
    [TestCase(200, "", "{\"retCode\":10006,\"retMsg\":\"Too many visits per second, exceeded!\"}", false)]
    public void Judge_Throttled_TellsLimitsOnConcurrency(int status, string headers, string body, bool isConcurrency)
    {
        var verdict = Classify(status, headers, body);

        Assert.That(verdict.Kind, Is.EqualTo(FailureKind.Throttled));
        Assert.That(verdict.IsConcurrencyLimit, Is.EqualTo(isConcurrency));
    }

    [TestCase(500, "{\"message\":\"Concurrent modification\"}", FailureKind.Transient)]
    [TestCase(409, "{\"code\":\"ConcurrentModificationException\"}", FailureKind.Permanent)]
    [TestCase(403, "{\"code\":\"insufficient_quota\",\"message\":\"concurrent jobs\"}", FailureKind.QuotaExhausted)]
    public void Judge_ConcurrencyButNoThrottle_IsNoLimit(int status, string body, FailureKind kind)
    {
        var verdict = Classify(status, "", body);

        Assert.That((verdict.Kind, verdict.IsConcurrencyLimit), Is.EqualTo((kind, false)));
    }

    [TestCase(
        CodeSigns.UserThrottling | CodeSigns.UserTransient, FailureKind.Throttled, "user-code", TransientCause.None)]
    [TestCase(
        CodeSigns.UserTransient | CodeSigns.Quota, FailureKind.Transient, "user-code", TransientCause.ServerError)]
    [TestCase(CodeSigns.Quota | CodeSigns.Never, FailureKind.QuotaExhausted, "success-body", TransientCause.None)]
    [TestCase(CodeSigns.Transient, FailureKind.Transient, "success-body", TransientCause.ServerError)]
    [TestCase(
        CodeSigns.Transient | CodeSigns.Timeout, FailureKind.Transient, "success-body", TransientCause.Timeout)]
    [TestCase(CodeSigns.Throttling, FailureKind.Throttled, "success-body", TransientCause.None)]
    [TestCase(CodeSigns.Overload, FailureKind.Throttled, "success-body", TransientCause.None)]
    public void SuccessRules_ErrorInASuccess_IsJudged(
        CodeSigns codes, FailureKind kind, string rule, TransientCause cause) =>
        Assert.That(SuccessRules.Judge(codes), Is.EqualTo(new Judgement(kind, rule, cause)));

    [TestCase(CodeSigns.Never | CodeSigns.Transient | CodeSigns.Throttling)]
    [TestCase(CodeSigns.Other)]
    [TestCase(CodeSigns.None)]
    public void SuccessRules_NothingToRepeat_IsASuccess(CodeSigns codes) =>
        Assert.That(SuccessRules.Judge(codes), Is.Null);

    [TestCase(0, "status-0")]
    [TestCase(999, "status-999")]
    [TestCase(1000, "status")]
    [TestCase(-1, "status")]
    public void RuleNames_Status_IsFewAndStable(int status, string name)
    {
        var first = RuleNames.Status(status);

        Assert.That(first, Is.EqualTo(name));
        Assert.That(RuleNames.Status(status), Is.SameAs(first));
    }

    [TestCase(true, 7)]
    [TestCase(false, null)]
    public void WithDelay_VerdictWithoutADelay_GetsWhatTheHeadersAskFor(bool readsHeaders, double? seconds)
    {
        using var response = Respond(500, "Retry-After: 7|x-amz-retry-after: 1500");

        var verdict = Classifier(readsHeaders).WithDelay(new AttemptVerdict { Kind = FailureKind.Transient }, response);

        Assert.That(verdict.ServerDelay?.TotalSeconds, Is.EqualTo(seconds));
        Assert.That(verdict.BoundedDelayHint, Is.EqualTo(seconds is null ? null : TimeSpan.FromSeconds(1.5)));
    }

    [Test]
    public void WithDelay_VerdictWithAHint_KeepsIt()
    {
        using var response = Respond(500, "x-amz-retry-after: 1500");
        var hint = TimeSpan.FromSeconds(3);

        var verdict = Classifier().WithDelay(
            new AttemptVerdict { Kind = FailureKind.Transient, BoundedDelayHint = hint }, response);

        Assert.That(verdict.BoundedDelayHint, Is.EqualTo(hint));
    }

    [Test]
    public void ClassifyError_WithoutHeaders_HasNoDelay()
    {
        using var response = Respond(503, "Retry-After: 7|x-amz-retry-after: 1500");

        var verdict = Classifier(readsHeaders: false).ClassifyError(response, []);

        Assert.That((verdict.ServerDelay, verdict.BoundedDelayHint), Is.EqualTo(((TimeSpan?)null, (TimeSpan?)null)));
    }

    private static void AssertVerdict(
        int status,
        string headers,
        string body,
        FailureKind kind,
        string rule,
        TransientCause cause = TransientCause.None)
    {
        var verdict = Classify(status, headers, body);

        Assert.That((verdict.Kind, verdict.Rule, verdict.Cause), Is.EqualTo((kind, rule, cause)));
    }

    private static AttemptVerdict Classify(int status, string headers, string body)
    {
        using var response = Respond(status, headers);
        var bytes = Encoding.UTF8.GetBytes(body);
        return status != 200 ? Classifier().ClassifyError(response, bytes)
            : body.Length > 0 ? Classifier().ClassifySuccessBody(response, bytes)
            : Classifier().ClassifySuccess(response);
    }

    private static HttpResponseMessage Respond(int status, string headers)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Version = HttpVersion.Version20 };
        response.Headers.AddLines(headers);
        return response;
    }

    private static ResponseClassifier Classifier(bool readsHeaders = true)
    {
        var settings = new ClassificationSettings(new ClassificationOptions())
        {
            Layers = readsHeaders ? ClassificationLayers.All : ClassificationLayers.StatusOnly,
        };
        return new ResponseClassifier(settings, TimeProvider.System);
    }
}
