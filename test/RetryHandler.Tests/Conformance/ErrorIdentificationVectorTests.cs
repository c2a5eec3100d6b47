using System.Text.Json;

namespace RetryHandler.Tests.Conformance;

/// <summary>Where an AWS answer carries its error code, and how the code is cut out.</summary>
/// <remarks>
/// A code such as <c>FooError</c> has no effect that could be seen from outside. So each shape is sent twice: as it
/// stands, and with a throttling code in its place, which must be found.
/// </remarks>
public sealed class ErrorIdentificationVectorTests
{
    private const string Throttling = "ThrottlingException";

    [Vectors("error_identification.sanitize")]
    public async Task SendAsync_DecoratedCode_IsCutOut(Vector vector)
    {
        var raw = Fill(vector.Json.Text("raw")!, vector.Json.Text("code")!);

        var inHeader = AwsAnswer.Status(400, null, ("X-Amzn-Errortype", raw));
        var inBody = AwsAnswer.Status(400, AwsAnswer.JsonBody(raw));

        Assert.That(await AttemptEffect.ObserveAsync(inHeader), Is.EqualTo(FailureKind.Throttled));
        Assert.That(await AttemptEffect.ObserveAsync(inBody), Is.EqualTo(FailureKind.Throttled));
    }

    [Vectors("error_identification.json_cases")]
    public async Task SendAsync_JsonError_IsIdentified(Vector vector)
    {
        var filled = JsonDocument.Parse(Fill(vector.Json.GetRawText(), vector.Json.Text("code")!)).RootElement;

        Assert.That(await AttemptEffect.ObserveAsync(AwsAnswer.From(vector.Json)), Is.EqualTo(FailureKind.Transient));
        Assert.That(await AttemptEffect.ObserveAsync(AwsAnswer.From(filled)), Is.EqualTo(FailureKind.Throttled));
    }

    [Vectors("error_identification.json_cases.nested-type-ignored")]
    public async Task SendAsync_ThrottlingCodeInsideADetail_IsIgnored(Vector vector)
    {
        var json = vector.Json.GetRawText();
        var filled = json.Replace("com.amazon.internal#ErrorDetails", Throttling, StringComparison.Ordinal);
        Assert.That(filled, Is.Not.EqualTo(json));

        var kind = await AttemptEffect.ObserveAsync(AwsAnswer.From(JsonDocument.Parse(filled).RootElement));

        Assert.That(kind, Is.EqualTo(FailureKind.Transient));
    }

    [Vectors("error_identification.json_real")]
    public async Task SendAsync_JsonErrorOfAService_IsIdentified(Vector vector)
    {
        var type = vector.Json.Text("body_type")!;
        var status = vector.Json.Integer("status");

        await ExpectAsync(AwsAnswer.Status(status, AwsAnswer.JsonBody(type)), vector.Json.Flag("throttling"));
        await ExpectAsync(
            AwsAnswer.Status(status, AwsAnswer.JsonBody(Fill(type, vector.Json.Text("code")!))), throttled: true);
    }

    [Vectors("error_identification.query_compat_header")]
    public async Task SendAsync_QueryErrorHeader_ReplacesTheJsonCode(Vector vector)
    {
        var name = vector.Json.Text("header")!;
        string Value(string code) => vector.Json.Text("format")!
            .Replace("code", code, StringComparison.Ordinal)
            .Replace("type", "Sender", StringComparison.Ordinal);

        await ExpectAsync(
            AwsAnswer.Status(400, AwsAnswer.JsonBody("FooError"), (name, Value(Throttling))), throttled: true);
        await ExpectAsync(
            AwsAnswer.Status(400, AwsAnswer.JsonBody(Throttling), (name, Value("FooError"))), throttled: false);
    }

    [Vectors("error_identification.aws_query")]
    [Vectors("error_identification.ec2_query")]
    [Vectors("error_identification.rest_xml")]
    public async Task SendAsync_XmlError_IsIdentified(Vector vector)
    {
        var body = vector.Json.Text("body") ?? XmlBody(vector);

        await ExpectAsync(AwsAnswer.Status(400, body), throttled: false);
        await ExpectAsync(AwsAnswer.Status(400, Fill(body, vector.Json.Text("code")!)), throttled: true);
    }

    [Vectors("error_identification.s3[0]")]
    [Vectors("error_identification.s3[1]")]
    public async Task SendAsync_S3Error_IsIdentified(Vector vector)
    {
        var body = XmlBody(vector);
        var status = vector.Json.Integer("status");

        await ExpectAsync(AwsAnswer.Status(status, body), throttled: false);
        await ExpectAsync(AwsAnswer.Status(status, Fill(body, vector.Json.Text("code")!)), throttled: true);
    }

    [Vectors("error_identification.s3[2]")]
    [Vectors("error_identification.s3[3]")]
    [Vectors("error_identification.s3[4]")]
    public async Task SendAsync_S3ServerError_IsThrottledOrTransient(Vector vector)
    {
        var method = new HttpMethod(vector.Json.Text("method") ?? "GET");

        var kind = await AttemptEffect.ObserveAsync(AwsAnswer.From(vector.Json), method);

        var throttled = vector.Json.Has("throttling") && vector.Json.Flag("throttling");
        Assert.That(kind, Is.EqualTo(throttled ? FailureKind.Throttled : FailureKind.Transient));
    }

    [Vectors("error_identification.synthetic_throttles")]
    public Task SendAsync_ThrottleOfAProtocol_IsIdentified(Vector vector) =>
        ExpectAsync(AwsAnswer.From(vector.Json), vector.Json.Flag("throttling"));

    private static async Task ExpectAsync(Func<HttpRequestMessage, HttpResponseMessage> answer, bool throttled) =>
        Assert.That(
            await AttemptEffect.ObserveAsync(answer),
            Is.EqualTo(throttled ? FailureKind.Throttled : FailureKind.Permanent));

    /// <summary>Builds the body that the group's path describes, for cases that give the code only.</summary>
    private static string XmlBody(Vector vector)
    {
        var path = vector.Owner.Text("path")!.Split(' ')[0].Split('/');
        return Enumerable.Reverse(path).Aggregate(
            vector.Json.Text("code")!, static (inner, name) => $"<{name}>{inner}</{name}>");
    }

    private static string Fill(string shape, string code)
    {
        var filled = shape.Replace(code, Throttling, StringComparison.Ordinal);
        Assert.That(filled, Does.Contain(Throttling), "The shape has no place for a code.");
        return filled;
    }
}
