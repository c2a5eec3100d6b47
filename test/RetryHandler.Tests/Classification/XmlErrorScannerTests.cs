using System.Text;

namespace RetryHandler.Tests.Classification;

/// <summary>Which texts of an XML body are found, and where a broken one stops being read.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class XmlErrorScannerTests
{
    private const string Code = "RootError Other/Container, Code String X";

    [TestCase("<Error><Code>X</Code></Error>", Code)]
    [TestCase("<?xml version=\"1.0\"?>\n<!-- <Code>Y</Code> -->\n<Error><Code>X</Code></Error>", Code)]
    [TestCase("<m:Error xmlns:m='n'><m:Code>\n X \n</m:Code></m:Error>", Code)]
    [TestCase("<Error><Code><![CDATA[X]]></Code></Error>", Code)]
    [TestCase("<Error><RequestId/><a b='c'/><Code lang=\"en\">X</Code></Error>", Code)]
    [TestCase("<Error><Code>m:X</Code></Error>", Code)]
    [TestCase("<ErrorResponse><Error><Code>X</Code></Error></ErrorResponse>", "Error Other/Container, Code String X")]
    [TestCase(
        "<Response><Errors><Error><Code>X</Code></Error></Errors></Response>", "Error Other/Container, Code String X")]
    [TestCase("<List><Error><Code>X</Code></Error></List>")]
    [TestCase("<Error><Code>&x;</Code></Error>")]
    [TestCase("<Error><Code>X</Code></Error><Error><Code>Y</Code></Error>", Code)]
    [TestCase("<Error><Code></Code></Error>")]
    public void Scan_Xml_FindsTheTextsOfErrors(string xml, params string[] found) =>
        Assert.That(RecordingFacts.Of(xml), Is.EqualTo(found));

    [TestCase("<!DOCTYPE e [<!ENTITY x \"X\">]><Error><Code>X</Code></Error>")]
    [TestCase("<Error><!DOCTYPE e><Code>X</Code></Error>")]
    [TestCase("<Error><Code>X")]
    [TestCase("<Error><Code")]
    [TestCase("<Error><![CDATA[<Code>X</Code>")]
    [TestCase("<Error><!-- <Code>X</Code>")]
    [TestCase("<>X</>")]
    [TestCase("</Error><Error><Code>X</Code></Error>")]
    [TestCase("<")]
    public void Scan_BrokenOrWithADocumentType_FindsNothing(string xml) =>
        Assert.That(RecordingFacts.Of(xml), Is.Empty);

    /// <summary>Pages are not read as XML: their authors write what they like.</summary>
    [TestCase("<html><error><code>X</code></error></html>")]
    [TestCase("  <!doctype HTML><error><code>X</code></error>")]
    public void Scan_Html_FindsNothing(string html) => Assert.That(RecordingFacts.Of(html), Is.Empty);

    [TestCase(11, true)]
    [TestCase(12, false)]
    public void Scan_Depth_IsLimited(int containers, bool found) => Assert.That(
        RecordingFacts.Of(string.Concat(Enumerable.Repeat("<Error>", containers)) + "<Code>X</Code>"),
        found ? Is.Not.Empty : Is.Empty);

    [TestCase("<a>")]
    [TestCase("<")]
    [TestCase("<a ")]
    [TestCase("<!--")]
    [TestCase("<![CDATA[")]
    [TestCase("</a>")]
    [TestCase("&a;")]
    [CancelAfter(20_000)]
    [Slow]
    public void Scan_LongText_TakesLinearTime(string unit)
    {
        var body = Encoding.UTF8.GetBytes("<Error>" + string.Concat(Enumerable.Repeat(unit, 4_000_000 / unit.Length)));

        Assert.That(() => RecordingFacts.Of(body), Throws.Nothing);
    }
}
