using System.Text.Json;

namespace RetryHandler.Tests.Conformance;

/// <summary>Which answers are throttling, transient or neither, seen from the handler's reaction.</summary>
public sealed class ClassificationVectorTests
{
    [Vectors("classification.throttling_codes")]
    public async Task SendAsync_ThrottlingCode_CountsAsThrottled(Vector vector) => Assert.That(
        await AttemptEffect.ObserveAsync(Code(400, vector.Json.GetString())), Is.EqualTo(FailureKind.Throttled));

    [Vectors("classification.transient_codes[0]")]
    [Vectors("classification.transient_codes[1]")]
    [Vectors("classification.transient_codes[2]")]
    public async Task SendAsync_TransientCode_CountsAsTransient(Vector vector) => Assert.That(
        await AttemptEffect.ObserveAsync(Code(400, vector.Json.GetString())), Is.EqualTo(FailureKind.Transient));

    [Vectors("classification.transient_statuses")]
    public async Task SendAsync_TransientStatus_CountsAsTransient(Vector vector) => Assert.That(
        await AttemptEffect.ObserveAsync(Code(vector.Json.GetInt32(), null)), Is.EqualTo(FailureKind.Transient));

    /// <summary>The code decides before the status does.</summary>
    [Vectors("classification.order")]
    public async Task SendAsync_CodeAndStatusDisagree_CodeWins(Vector vector)
    {
        Assert.That(vector.Json.GetString(), Does.StartWith("error code first"));
        Assert.That(await AttemptEffect.ObserveAsync(Code(500, "Throttling")), Is.EqualTo(FailureKind.Throttled));
        Assert.That(await AttemptEffect.ObserveAsync(Code(400, "InternalError")), Is.EqualTo(FailureKind.Transient));
    }

    [Vectors("classification.throttling_cases")]
    public async Task SendAsync_CodeAndStatus_AreThrottledOrNot(Vector vector) => Assert.That(
        await AttemptEffect.ObserveAsync(AwsAnswer.From(vector.Json)),
        vector.Json.Flag("throttling") ? Is.EqualTo(FailureKind.Throttled) : Is.Not.EqualTo(FailureKind.Throttled));

    [Vectors("classification.transient_cases")]
    public async Task SendAsync_CodeStatusOrFault_AreTransientOrNot(Vector vector)
    {
        var kind = await AttemptEffect.ObserveAsync(AwsAnswer.From(vector.Json));

        // A code in both lists is throttling, for the cost and the base delay.
        var isInBothLists = vector.Json.Text("error_code") == "PriorRequestNotComplete";
        Assert.That(
            kind,
            isInBothLists ? Is.EqualTo(FailureKind.Throttled)
                : vector.Json.Flag("transient") ? Is.EqualTo(FailureKind.Transient)
                : Is.Not.EqualTo(FailureKind.Transient));
    }

    [Vectors("classification.not_retryable")]
    public async Task SendAsync_PermanentError_IsNotRetried(Vector vector)
    {
        Assert.That(vector.Json.Flag("retryable"), Is.False);
        Assert.That(
            await AttemptEffect.ObserveAsync(AwsAnswer.From(vector.Json)), Is.EqualTo(FailureKind.Permanent));
    }

    [Vectors("classification.bare_429.js_and_ruby")]
    public async Task SendAsync_Bare429_CountsAsThrottled(Vector vector)
    {
        Assert.That(vector.Json.GetString(), Is.EqualTo("throttling"));
        Assert.That(await AttemptEffect.ObserveAsync(Code(429, null)), Is.EqualTo(FailureKind.Throttled));
    }

    [Vectors("classification.bare_429.js_mixed_case")]
    public async Task SendAsync_UnknownCode_LeavesItToTheStatus(Vector vector)
    {
        var time = new ManualTimeProvider();
        var upstream = new ScriptedHandler(time, [.. vector.Json.Items("responses").Select(AwsAnswer.From)]);
        using var client = new ClientUnderTest(time, upstream, AwsModes.Standard21);

        using var response = await client.GetAsync();

        Assert.That(upstream.Attempts, Has.Count.EqualTo(vector.Json.Integer("attempts")));
    }

    /// <summary>A code that one service alone means as transient is a setting of that service's client.</summary>
    [Vectors("classification.sts_idp")]
    public async Task SendAsync_CodeOfOneService_IsRetriedByItsClientOnly(Vector vector)
    {
        var answer = Code(400, vector.Json.Text("error_code"));
        Action<AdaptiveRetryOptions>? configure = vector.Json.Text("service") == "sts" ? AddStsCodes : null;

        var kind = await AttemptEffect.ObserveAsync(answer, configure: configure);

        Assert.That(kind, Is.EqualTo(vector.Json.Flag("retryable") ? FailureKind.Transient : FailureKind.Permanent));
    }

    [Vectors("classification.transient_codes.only_sts")]
    public async Task SendAsync_CodeOfStsAlone_NeedsTheSetting(Vector vector)
    {
        var answer = Code(400, vector.Json.GetString());

        Assert.That(await AttemptEffect.ObserveAsync(answer), Is.EqualTo(FailureKind.Permanent));
        Assert.That(
            await AttemptEffect.ObserveAsync(answer, configure: AddStsCodes), Is.EqualTo(FailureKind.Transient));
    }

    [Vectors("classification.dynamodb_crc32")]
    public async Task SendAsync_SuccessWithChecksum_IsASuccess(Vector vector)
    {
        Assert.That(vector.Json.Flag("retryable"), Is.False);
        (string, string)[] headers = vector.Json.Has("x-amz-crc32")
            ? [("x-amz-crc32", vector.Json.Text("x-amz-crc32")!)]
            : [];
        var answer = AwsAnswer.Status(vector.Json.Integer("status"), vector.Json.Text("body"), headers);

        Assert.That(await AttemptEffect.ObserveAsync(answer), Is.EqualTo(FailureKind.None));
    }

    /// <summary>The SDKs disagree; here as in the .NET SDK the case of a code does not matter.</summary>
    [Vectors("classification.case_sensitivity")]
    public async Task SendAsync_CodeInAnotherCase_IsRecognized(Vector vector)
    {
        Assert.That(vector.Json.GetString(), Does.Contain(".NET uses a case-insensitive set"));
        Assert.That(
            await AttemptEffect.ObserveAsync(Code(400, "throttlingEXCEPTION")), Is.EqualTo(FailureKind.Throttled));
    }

    private static void AddStsCodes(AdaptiveRetryOptions options) =>
        options.Classification.TransientErrorCodes.UnionWith(AwsVectors.All
            .Where(static vector => vector.IsAtOrUnder("classification.transient_codes.only_sts"))
            .Select(static vector => vector.Json.GetString()!));

    private static Func<HttpRequestMessage, HttpResponseMessage> Code(int status, string? code) =>
        AwsAnswer.From(JsonSerializer.SerializeToElement(new { status, error_code = code }));
}
