using RetryHandler.Classification;

namespace RetryHandler.Tests.Classification;

/// <summary>What headers say beside the delay.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
internal sealed class HeaderFactsTests
{
    [TestCase("api-usage=15000/15000")]
    [TestCase("api-usage=15001/15000")]
    [TestCase("api-usage=15000/15000; per-app-api-usage=1/2")]
    [TestCase("api-usage=15000/15000, per-app-api-usage=1/2")]
    [TestCase("=5/5")]
    public void Read_SalesforceLimitUsedUp_IsALongPeriod(string value) =>
        Assert.That(Read($"Sforce-Limit-Info: {value}").IsLongPeriod);

    [TestCase("api-usage=14999/15000")]
    [TestCase("15000/15000", Description = "no name")]
    [TestCase("per/app=5/5", Description = "the line is before the name")]
    [TestCase("a;api-usage=15/15", Description = "the end is before the line")]
    [TestCase("api-usage=all/15000")]
    [TestCase("api-usage=15000/")]
    [TestCase("api-usage=15000")]
    public void Read_SalesforceLimitNotUsedUp_IsNone(string value) =>
        Assert.That(Read($"Sforce-Limit-Info: {value}").IsLongPeriod, Is.False);

    [TestCase("x-amzn-query-error: Throttling;Sender")]
    [TestCase("x-amzn-query-error: Throttling")]
    [TestCase("x-amzn-errortype: ThrottlingException:http://internal.amazon.com/")]
    public void Read_CodeOfAws_ReplacesThoseOfTheBody(string header)
    {
        var facts = Read(header);

        Assert.That(facts.Codes.Has(CodeSigns.CertainThrottling));
        Assert.That(facts.ReplacesBodyCodes);
    }

    [Test]
    public void Read_QueryErrorWithoutACode_HasNone() =>
        Assert.That(Read("x-amzn-query-error: ;Throttling").Codes, Is.EqualTo(CodeSigns.None));

    [TestCase("x-error-code: Throttling")]
    [TestCase("x-errorcode: Throttling")]
    [TestCase("x-errortype: Throttling")]
    [TestCase("MediaWiki-API-Error: ratelimited")]
    public void Read_CodeOfOthers_StandsBesideThoseOfTheBody(string header)
    {
        var facts = Read(header);

        Assert.That(facts.Codes.Has(CodeSigns.Throttling));
        Assert.That(facts.ReplacesBodyCodes, Is.False);
    }

    /// <summary>Said twice is not unsaid.</summary>
    [TestCase("x-error-code: Throttling|x-amzn-errortype: Throttling")]
    [TestCase("x-error-code: Throttling|x-amzn-query-error: Throttling")]
    [TestCase("x-error-code: Throttling|x-api-error: Throttling")]
    [TestCase("x-error-code: Throttling|y-error-code: Throttling")]
    public void Read_TheSameCodeTwice_IsRead(string headers) =>
        Assert.That(Read(headers).Codes.Has(CodeSigns.Throttling));

    [Test]
    public void Read_WordThatIsNoCode_IsNoOtherReason()
    {
        Assert.That(Read("x-api-error: none").Codes, Is.EqualTo(CodeSigns.None));
        Assert.That(Read("x-error-code: none").Codes, Is.EqualTo(CodeSigns.Other));
    }

    [TestCase("x-error-message: Rate limit exceeded")]
    [TestCase("x-error-detail: Rate limit exceeded")]
    [TestCase("x-error-description: Rate limit exceeded")]
    [TestCase("x-error-message: Rate limit exceeded|x-error-detail: Rate limit exceeded")]
    public void Read_Message_IsRead(string headers) => Assert.That(Read(headers).Text.Has(TextSigns.CertainRefusal));

    [TestCase("x-envoy-overloaded: true")]
    [TestCase("x-envoy-ratelimited: true")]
    public void Read_SignOfAGateway_IsARefusal(string header) => Assert.That(Read(header).IsRefusedByGateway);

    [TestCase("X-Rate-Limit-Problem: Daily", true)]
    [TestCase("X-RateLimit-Type: Daily", true)]
    [TestCase("X-RateLimit-Reason: daily", true)]
    [TestCase("X-RateLimit-Scope: daily", true)]
    [TestCase("X-RateLimit-Period: day", true)]
    [TestCase("X-RateLimit-Type: Daily|X-Rate-Limit-Problem: Daily", true)]
    [TestCase("X-RateLimit-Type: Daily|X-Rate-Limit-Problem: Minute", true)]
    [TestCase("X-RateLimit-Type: QPS", false)]
    [TestCase("X-Report-Type: Daily", false)]
    [TestCase("X-RateLimit-Name: Daily", false)]
    [TestCase("Sforce-Limit-Info: a=5/5|X-RateLimit-Type: Daily", true)]
    [TestCase("X-RateLimit-Type: Daily|Sforce-Limit-Info: a=5/5", true)]
    [TestCase("X-RateLimit-Type: Daily|Sforce-Limit-Info: a=4/5", true)]
    public void Read_DescriptionOfALimit_TellsItsPeriod(string headers, bool isLong) =>
        Assert.That(Read(headers).IsLongPeriod, Is.EqualTo(isLong));

    [TestCase("x-should-retry: true", true)]
    [TestCase("x-should-retry: False", false)]
    [TestCase("x-should-retry: perhaps", null)]
    [TestCase("grpc-retry-pushback-ms: 500", null)]
    [TestCase("grpc-retry-pushback-ms: -1", false)]
    [TestCase("x-should-retry: true|y-should-retry: perhaps", true)]
    public void Read_ShouldRetry_IsWhatTheServerSays(string headers, bool? shouldRetry) =>
        Assert.That(Read(headers).ShouldRetry, Is.EqualTo(shouldRetry));

    private static HeaderFacts Read(string headers)
    {
        using var response = new HttpResponseMessage();
        response.Headers.AddLines(headers);
        return HeaderFacts.Read(response, new ClassificationSettings(new ClassificationOptions()));
    }
}
