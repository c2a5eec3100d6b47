using System.Net;
using RetryHandler.Classification;

namespace RetryHandler.Tests.Classification;

/// <summary>The verdict beside its kind, and what users can change.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class HttpOutcomeClassifierTests
{
    [TestCase(429, "", true)]
    [TestCase(425, "", true)]
    [TestCase(529, "", true)]
    [TestCase(400, "{\"code\":\"Throttling\"}", true)]
    [TestCase(429, "{\"error\":{\"code\":\"lock_timeout\"}}", true)]
    [TestCase(503, "", false)]
    [TestCase(500, "", false)]
    [TestCase(408, "", false)]
    [TestCase(400, "{\"code\":\"RequestTimeout\"}", false)]
    [TestCase(404, "", false)]
    [TestCase(500, "{\"error\":{\"code\":\"TooManyRequestsException\"}}", true)]
    [TestCase(503, "{\"error\":{\"type\":\"server_error\",\"code\":\"slow_down\"}}", true)]
    [TestCase(503, "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}", true)]
    [TestCase(500, "<Response><Errors><Error><Code>Throttling</Code></Error></Errors></Response>", true)]
    [TestCase(400, "{\"message\":\"x\",\"cause\":{\"code\":\"ThrottlingException\"}}", true)]
    [TestCase(529, "{\"code\":\"capture_failed\"}", true)]
    public async Task ClassifyAsync_Refusal_IsKnownNotProcessed(int status, string body, bool known) =>
        Assert.That((await ClassifyAsync(status, body)).KnownNotProcessed, Is.EqualTo(known));

    /// <summary>The work may have been done before: a payment was made, and its receipt was throttled.</summary>
    [TestCase(500, "{\"error\":{\"code\":\"capture_failed\",\"cause\":{\"code\":\"TooManyRequestsException\"}}}")]
    [TestCase(500, "{\"code\":\"capture_failed\",\"details\":[{\"code\":\"TooManyRequestsException\"}]}")]
    [TestCase(502, "{\"message\":\"failed\",\"cause\":{\"code\":\"TooManyRequestsException\"}}")]
    [TestCase(500, "{\"message\":\"failed\",\"innerError\":{\"error\":{\"code\":\"TooManyRequestsException\"}}}")]
    [TestCase(500, "{\"message\":\"failed\",\"cause\":\"TooManyRequestsException\"}")]
    [TestCase(503, "{\"message\":\"The server is overloaded.\"}")]
    public async Task ClassifyAsync_ThrottledBehindAnError_SlowsDownButMayHaveBeenProcessed(int status, string body)
    {
        var verdict = await ClassifyAsync(status, body);

        Assert.That((verdict.Kind, verdict.KnownNotProcessed), Is.EqualTo((FailureKind.Throttled, false)));
    }

    [TestCase("Retry-After", "0", true)]
    [TestCase("Retry-After", "5", true)]
    [TestCase("retry-after-ms", "5", true)]
    [TestCase("Retry-After", "soon", false)]
    [TestCase("x-amz-retry-after", "5", false)]
    public async Task ClassifyAsync_503_IsKnownNotProcessedWithADelay(string header, string value, bool known)
    {
        var verdict = await ClassifyAsync(503, "", headers: (header, value));

        Assert.That(verdict.Kind, Is.EqualTo(FailureKind.Transient));
        Assert.That(verdict.KnownNotProcessed, Is.EqualTo(known));
    }

    [TestCase(500, "", TransientCause.ServerError)]
    [TestCase(503, "", TransientCause.ServerError)]
    [TestCase(504, "", TransientCause.ServerError)]
    [TestCase(408, "", TransientCause.Timeout)]
    [TestCase(400, "<Error><Code>RequestTimeout</Code></Error>", TransientCause.Timeout)]
    [TestCase(400, "{\"__type\":\"RequestTimeoutException\"}", TransientCause.Timeout)]
    [TestCase(429, "", TransientCause.None)]
    [TestCase(404, "", TransientCause.None)]
    public async Task ClassifyAsync_Transient_HasACause(int status, string body, TransientCause cause) =>
        Assert.That((await ClassifyAsync(status, body)).Cause, Is.EqualTo(cause));

    [TestCase("1500", 1500.0)]
    [TestCase("0", 0.0)]
    [TestCase("-1", null)]
    [TestCase("1.5", null)]
    [TestCase("abc", null)]
    [TestCase("", null)]
    public async Task ClassifyAsync_AmzRetryAfter_IsAHintAndNoMinimum(string value, double? milliseconds)
    {
        var verdict = await ClassifyAsync(500, "", headers: ("x-amz-retry-after", value));

        Assert.That(verdict.BoundedDelayHint?.TotalMilliseconds, Is.EqualTo(milliseconds));
        Assert.That(verdict.ServerDelay, Is.Null);
    }

    [TestCase(429, "", "status-429")]
    [TestCase(503, "", "status-503")]
    [TestCase(404, "", "status-404")]
    [TestCase(400, "{\"code\":\"Throttling\"}", "code")]
    [TestCase(429, "{\"code\":\"insufficient_quota\"}", "quota-code")]
    [TestCase(403, "{\"message\":\"API rate limit exceeded\"}", "text")]
    [TestCase(429, "{\"message\":\"daily limit\"}", "quota-text")]
    [TestCase(200, "{\"ok\":false,\"error\":\"ratelimited\"}", "success-body")]
    public async Task ClassifyAsync_Rule_IsNamed(int status, string body, string rule)
    {
        var verdict = await ClassifyAsync(status, body, static options => options.InspectSuccessBodies = true);

        Assert.That(verdict.Rule, Is.EqualTo(rule));
    }

    /// <summary>A refusal never carries a delay, and whoever waits six hours waits for a quota.</summary>
    [TestCase(400, "5", FailureKind.Permanent, null)]
    [TestCase(429, "21599", FailureKind.Throttled, 21_599.0)]
    [TestCase(429, "21600", FailureKind.QuotaExhausted, 21_600.0)]
    [TestCase(503, "86400", FailureKind.Transient, 86_400.0)]
    [TestCase(429, "999999999999", FailureKind.Throttled, 36_525 * 86_400.0)]
    public async Task ClassifyAsync_RetryAfter_IsTheDelay(int status, string value, FailureKind kind, double? seconds)
    {
        var verdict = await ClassifyAsync(status, "", headers: ("Retry-After", value));

        Assert.That(verdict.Kind, Is.EqualTo(kind));
        Assert.That(verdict.ServerDelay?.TotalSeconds, Is.EqualTo(seconds));
    }

    /// <summary>Whoever knows an outcome better need not know how upstreams write delays.</summary>
    [TestCase(null, 30.0)]
    [TestCase(0.0, 0.0, Description = "declined")]
    [TestCase(7.0, 7.0)]
    public async Task ClassifyAsync_UserVerdict_KeepsTheServersDelayUnlessItHasOne(double? own, double expected)
    {
        var verdict = new AttemptVerdict
        {
            Kind = FailureKind.Transient,
            ServerDelay = own is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
        var classified = await ClassifyAsync(
            409, "", options => options.Classifiers.Add(new Scripted([], "a", verdict)), ("Retry-After", "30"));

        Assert.That(classified.ServerDelay, Is.EqualTo(TimeSpan.FromSeconds(expected)));
    }

    [Test]
    public void ClassifyAsync_ClassifierThrowsAtAGrpcStatus_TheResponseIsReleased()
    {
        var response = new TrackedResponse(HttpStatusCode.OK) { Version = HttpVersion.Version20 };
        response.Headers.Add("grpc-status", "8");
        var options = new ClassificationOptions();
        options.Classifiers.Add(new ThrowingClassifier());
        var classifier = new HttpOutcomeClassifier(new ClassificationSettings(options), TimeProvider.System);

        Assert.ThrowsAsync<NotSupportedException>(
            async () => await classifier.ClassifyAsync(new AttemptOutcome(response), CancellationToken.None));

        Assert.That(response.IsDisposed);
    }

    [Test]
    public async Task ClassifyAsync_GrpcStatusInHeaders_AsksTheUserFirst()
    {
        var verdict = new AttemptVerdict { Kind = FailureKind.Permanent, Rule = "mine" };
        using var response = new HttpResponseMessage(HttpStatusCode.OK) { Version = HttpVersion.Version20 };
        response.Headers.Add("grpc-status", "8");

        var classified = await Create(options => options.Classifiers.Add(new Scripted([], "a", verdict)))
            .ClassifyAsync(new AttemptOutcome(response), CancellationToken.None);

        Assert.That(classified, Is.EqualTo(verdict));
    }

    /// <summary>Behind what came in there may be data, and then the request was acted on.</summary>
    [TestCase("{\"errors\":[{\"extensions\":{\"code\":\"THROTTLED\"}}]}", FailureKind.Throttled)]
    [TestCase("{\"errors\":[{\"extensions\":{\"code\":\"THROTTLED\"}}]", FailureKind.None)]
    [TestCase("{\"errors\":[{\"extensions\":{\"code\":\"THROTTLED\"}}],", FailureKind.None)]
    [TestCase("{\"errors\":[{\"extensions\":{\"code\":\"THROTTLED\"}", FailureKind.None)]
    public async Task ClassifyAsync_SuccessBodyInPart_IsASuccess(string body, FailureKind kind) => Assert.That(
        (await ClassifyAsync(200, body, static options => options.InspectSuccessBodies = true)).Kind,
        Is.EqualTo(kind));

    [TestCase("1015", "{\"error\":{\"code\":1015}}")]
    [TestCase("1015", "{\"error\":{\"code\":\"1015\"}}")]
    [TestCase("https://api.example/problems/out-of-rate", "{\"type\":\"https://api.example/problems/out-of-rate\"}")]
    [TestCase("out-of-rate", "{\"type\":\"https://api.example/problems/out-of-rate\"}")]
    [TestCase("EService:Busy", "{\"code\":\"EService:Busy\"}")]
    public async Task ClassifyAsync_UsersCode_IsFoundHoweverItIsWritten(string code, string body)
    {
        var verdict = await ClassifyAsync(403, body, options => options.ThrottlingErrorCodes.Add(code));

        Assert.That((verdict.Kind, verdict.Rule), Is.EqualTo((FailureKind.Throttled, "user-code")));
    }

    [Test]
    public async Task ClassifyAsync_FromACache_HasNoDelay()
    {
        var verdict = await ClassifyAsync(429, "", null, ("Retry-After", "5"), ("Age", "60"));

        Assert.That(verdict.ServerDelay, Is.Null);
    }

    /// <summary>The reset of an exhausted rate does not say when a broken server is well again.</summary>
    [Test]
    public async Task ClassifyAsync_TransientWithAReset_HasNoDelay()
    {
        var verdict = await ClassifyAsync(500, "", null, ("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "5"));

        Assert.That(verdict.ServerDelay, Is.Null);
    }

    [TestCase("{\"code\":\"my-own_CODE\"}", FailureKind.Throttled)]
    [TestCase("{\"code\":\"ValidationException\"}", FailureKind.Throttled)]
    [TestCase("{\"code\":\"flaky\"}", FailureKind.Transient)]
    [TestCase("{\"code\":\"Throttling\"}", FailureKind.Transient)]
    [TestCase("{\"code\":\"both\"}", FailureKind.Throttled)]
    [TestCase("{\"code\":\"other\"}", FailureKind.Permanent)]
    public async Task ClassifyAsync_CodesOfTheUser_BeatTheKnownOnes(string body, FailureKind kind)
    {
        var verdict = await ClassifyAsync(404, body, static options =>
        {
            options.ThrottlingErrorCodes.UnionWith(["MyOwnCode", "ValidationException", "both"]);
            options.TransientErrorCodes.UnionWith(["Flaky", "Throttling", "both", "", "ä", new string('x', 200)]);
        });

        Assert.That(verdict.Kind, Is.EqualTo(kind));
    }

    [TestCase(418, FailureKind.Throttled)]
    [TestCase(404, FailureKind.Transient)]
    [TestCase(503, FailureKind.Permanent)]
    public async Task ClassifyAsync_StatusesOfTheUser_Count(int status, FailureKind kind)
    {
        var verdict = await ClassifyAsync(status, "", static options =>
        {
            options.ThrottledStatusCodes.Add(418);
            options.TransientStatusCodes.Add(404);
            options.TransientStatusCodes.Remove(503);
        });

        Assert.That(verdict.Kind, Is.EqualTo(kind));
    }

    [Test]
    public async Task ClassifyAsync_Classifiers_AreAskedInOrderUntilOneAnswers()
    {
        var asked = new List<string>();
        var verdict = await ClassifyAsync(429, "{}", options =>
        {
            options.Classifiers.Add(new Scripted(asked, "first", null));
            options.Classifiers.Add(new Scripted(asked, "second", new() { Kind = FailureKind.Permanent }));
            options.Classifiers.Add(new Scripted(asked, "third", new() { Kind = FailureKind.Transient }));
        });

        Assert.That(verdict.Kind, Is.EqualTo(FailureKind.Permanent));
        Assert.That(asked, Is.EqualTo(new[] { "first 2", "second 2" }));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task ClassifyAsync_Success_AsksOnlyWhenItsBodyIsInspected(bool inspect)
    {
        var asked = new List<string>();
        await ClassifyAsync(200, "{}", options =>
        {
            options.InspectSuccessBodies = inspect;
            options.Classifiers.Add(new Scripted(asked, "a", null));
        });

        Assert.That(asked, Has.Count.EqualTo(inspect ? 1 : 0));
    }

    [TestCase(200, "application/json", false, false)]
    [TestCase(200, "application/json", true, true)]
    [TestCase(200, "application/problem+json; charset=utf-8", true, true)]
    [TestCase(200, "text/xml", true, true)]
    [TestCase(201, "application/json", true, false)]
    [TestCase(304, "application/json", true, false)]
    [TestCase(200, "text/event-stream", true, false)]
    [TestCase(200, "application/x-ndjson", true, false)]
    [TestCase(200, "application/stream+json", true, false)]
    [TestCase(200, "application/octet-stream", true, false)]
    [TestCase(200, "application/xhtml+xml", true, false)]
    [TestCase(200, null, true, false)]
    public async Task ClassifyAsync_Success_IsReadOnlyOnRequestAndAsJsonOrXml(
        int status, string? contentType, bool inspect, bool read)
    {
        using var body = new ScriptedBody("{}");
        using var response = new HttpResponseMessage((HttpStatusCode)status) { Content = body };
        body.Headers.TryAddWithoutValidation("Content-Type", contentType);

        await Create(options => options.InspectSuccessBodies = inspect)
            .ClassifyAsync(new AttemptOutcome(response), CancellationToken.None);

        Assert.That(body.IsOpened, Is.EqualTo(read));
    }

    /// <summary>Nothing that a body contains can throw out of the classifier: not numbers that no sum can hold.</summary>
    [TestCase("999999999999999", "0.000000000000001")]
    [TestCase("999999999999999", "0.0000000001")]
    public async Task ClassifyAsync_AbsurdQueryCost_IsTheLongestDelay(string cost, string restoreRate)
    {
        var verdict = await ClassifyAsync(
            429,
            "{\"extensions\":{\"cost\":{\"requestedQueryCost\":" + cost
            + ",\"throttleStatus\":{\"currentlyAvailable\":0,\"restoreRate\":" + restoreRate + "}}}}");

        Assert.That(verdict.ServerDelay, Is.EqualTo(DelayHint.Longest));
    }

    /// <summary>A breaker asks about every outcome, an inner handler that returns nothing included.</summary>
    [Test]
    public async Task ClassifyAsync_NothingCameBack_IsNoFailure() => Assert.That(
        await Create(configure: null).ClassifyAsync(default, CancellationToken.None), Is.EqualTo(default(AttemptVerdict)));

    private static async Task<AttemptVerdict> ClassifyAsync(
        int status,
        string body,
        Action<ClassificationOptions>? configure = null,
        params (string Name, string Value)[] headers)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status)
        {
            Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return await Create(configure).ClassifyAsync(new AttemptOutcome(response), CancellationToken.None);
    }

    private static HttpOutcomeClassifier Create(Action<ClassificationOptions>? configure)
    {
        var options = new ClassificationOptions();
        configure?.Invoke(options);
        return new HttpOutcomeClassifier(new ClassificationSettings(options), new ManualTimeProvider());
    }

    private sealed class Scripted(List<string> asked, string name, AttemptVerdict? verdict) : IOutcomeClassifier
    {
        public AttemptVerdict? Classify(in AttemptOutcome outcome)
        {
            asked.Add($"{name} {outcome.Body.Length}");
            return verdict;
        }
    }

    private sealed class ThrowingClassifier : IOutcomeClassifier
    {
        public AttemptVerdict? Classify(in AttemptOutcome outcome) => throw new NotSupportedException();
    }
}
