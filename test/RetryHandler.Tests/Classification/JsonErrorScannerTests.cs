using System.Text;

namespace RetryHandler.Tests.Classification;

/// <summary>Which values of a JSON body are found, and where a broken one stops being read.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class JsonErrorScannerTests
{
    private const string Code = "Root Other/Container, Code String X";

    [TestCase("""{"code":"X"}""", Code)]
    [TestCase("""{ "Error_Code" : "X" }""", Code)]
    [TestCase("""[{"errorCode":"X"}]""", Code)]
    [TestCase("""{"a":{"code":"Y"},"code":"X"}""", Code)]
    [TestCase("""{"a":[1,[{"code":"Y"}]],"code":"X"}""", Code)]
    [TestCase("""{"a":"}","code":"X"}""", Code)]
    [TestCase("""{"a":"\"}","code":"X"}""", Code)]
    [TestCase("""{"code":"X"}{"code":"Y"}""", Code)]
    [TestCase("""{"code":"\u0058"}""", Code)]
    [TestCase("""{"code":"X","code":"Y"}""", Code, "Root Other/Container, Code String Y")]
    [TestCase("""{"code":429}""", "Root Other/Container, Code Number 429")]
    [TestCase("""{"ok":false}""", "Root Success/None False false")]
    [TestCase("""{"error":{"code":"X"}}""", "RootError Other/Container, Code String X")]
    [TestCase("""{"errors":[{"extensions":{"code":"X"}}]}""", "GraphExtensions Other/Container, Code String X")]
    [TestCase("""{"error":{"details":[{"reason":"X"}]}}""", "Error Other/Container, Code, Message String X")]
    [TestCase("""{"items":[{"error":{"code":"X"}}]}""")]
    [TestCase("""{"__type":"X"}""", "Root AwsType/Code String X")]
    [TestCase("""{}""")]
    [TestCase("""[]""")]
    public void Scan_Json_FindsTheValuesOfErrors(string json, params string[] found) =>
        Assert.That(RecordingFacts.Of(json), Is.EqualTo(found));

    [TestCase("""{"code":"X""")]
    [TestCase("""{"code":"X\""")]
    [TestCase("""{"code":""")]
    [TestCase("""{"code""")]
    [TestCase("""{code:"X"}""")]
    [TestCase("""{'code':'X'}""")]
    [TestCase("""{"code":X}""")]
    [TestCase("""{"a":nul,"code":"X"}""")]
    [TestCase("""]{"code":"X"}""")]
    [TestCase("{")]
    public void Scan_BrokenBeforeTheCode_FindsNoCode(string json) =>
        Assert.That(RecordingFacts.Of(json), Has.None.EqualTo(Code));

    [TestCase("""{"code":"X",""")]
    [TestCase("""{"code":"X","me""")]
    [TestCase("""{"code":"X"]]]""")]
    [TestCase("""{"code":"X",oops""")]
    public void Scan_BrokenAfterTheCode_FindsTheCode(string json) =>
        Assert.That(RecordingFacts.Of(json), Does.Contain(Code));

    /// <summary>The words of a message that was cut off still count, a code might have gone on.</summary>
    [Test]
    public void Scan_CutOffMessage_IsAMessageOnly() => Assert.That(
        RecordingFacts.Of("""{"error":"Rate li"""), Is.EqualTo(new[] { "Root Other/Message String Rate li" }));

    [TestCase(11, true)]
    [TestCase(12, false)]
    public void Scan_Depth_IsLimited(int containers, bool found) => Assert.That(
        RecordingFacts.Of(Nested(containers) + "{\"code\":\"X\"}"), found ? Is.Not.Empty : Is.Empty);

    [Test]
    public void Scan_TooDeepPart_IsSteppedOver() => Assert.That(
        RecordingFacts.Of($$"""{"a":{{Nested(40)}}{"code":"Y"}{{new string('}', 40)}},"code":"X"}"""),
        Is.EqualTo(new[] { Code }));

    [Test]
    public void Scan_ManyValues_EndsInTime() => Assert.That(
        RecordingFacts.Of($$"""{"a":[{{string.Join(',', Enumerable.Repeat("1", 5000))}}],"code":"X"}"""), Is.Empty);

    /// <summary>Texts that make a reader that goes back and forth take its time: 4 MB each.</summary>
    [TestCase("{\"a\":")]
    [TestCase("[")]
    [TestCase("\"")]
    [TestCase("\\")]
    [TestCase("{\"a\":\"\\")]
    [TestCase(",")]
    [TestCase("{\"a\":{},")]
    [CancelAfter(20_000)]
    [Slow]
    public void Scan_LongText_TakesLinearTime(string unit)
    {
        var body = Encoding.UTF8.GetBytes("{\"a\":" + string.Concat(Enumerable.Repeat(unit, 4_000_000 / unit.Length)));

        Assert.That(() => RecordingFacts.Of(body), Throws.Nothing);
    }

    private static string Nested(int containers) => string.Concat(Enumerable.Repeat("{\"error\":", containers));
}
