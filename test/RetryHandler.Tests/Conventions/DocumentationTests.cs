using System.Reflection;
using System.Xml.Linq;

namespace RetryHandler.Tests.Conventions;

/// <summary>Everything public is documented; an option says its default.</summary>
public sealed class DocumentationTests
{
    [Test]
    public void ExportedMembers_All_AreDocumented()
    {
        Assert.That(LibraryDocumentation.ExportedMembers.Count(), Is.GreaterThan(100));
        var broken = LibraryDocumentation.ExportedMembers.SelectMany(
            static member => DocumentationRules.FindBroken(member, LibraryDocumentation.For(member)));

        Assert.That(broken, Is.Empty);
    }

    [TestCase("<member/>", 2)]
    [TestCase("<member><summary>Text.</summary></member>", 1)]
    [TestCase("<member><summary>Text.</summary><value>Text.</value></member>", 0)]
    [TestCase("<member><summary> </summary><value>Text.</value></member>", 1)]
    [TestCase("<member><summary><see cref=\"T:A\"/></summary><value>Text.</value></member>", 0)]
    [TestCase("<member><summary>Text.</summary><remarks/><value>Text.</value></member>", 1)]
    [TestCase("<member><inheritdoc/></member>", 0)]
    public void FindBroken_Option_FindsWhatIsMissing(string documentation, int expected) => Assert.That(
        Broken(typeof(SendRateOptions).GetProperty(nameof(SendRateOptions.MinRate))!, documentation),
        Has.Count.EqualTo(expected));

    [TestCase("", 2)]
    [TestCase("<returns>Text.</returns><param name=\"response\">Text.</param>", 0)]
    [TestCase("<returns>Text.</returns><param name=\"other\">Text.</param>", 1)]
    [TestCase("<param name=\"response\">Text.</param>", 1)]
    public void FindBroken_Method_FindsWhatIsMissing(string tags, int expected) => Assert.That(
        Broken(
            typeof(AdaptiveRetryHttpResponseMessageExtensions).GetMethod("GetAdaptiveRetryInfo")!,
            $"<member><summary>Text.</summary>{tags}</member>"),
        Has.Count.EqualTo(expected));

    /// <summary>A group of options has no default of its own.</summary>
    [Test]
    public void FindBroken_GroupOfOptions_NeedsNoValue() => Assert.That(
        Broken(
            typeof(AdaptiveRetryOptions).GetProperty(nameof(AdaptiveRetryOptions.Quota))!,
            "<member><summary>Text.</summary></member>"),
        Is.Empty);

    [Test]
    public void FindBroken_NoDocumentation_SaysSo() => Assert.That(
        DocumentationRules.FindBroken(typeof(string), null).ToList(), Has.Count.EqualTo(1));

    private static List<string> Broken(MemberInfo member, string documentation) =>
        [.. DocumentationRules.FindBroken(member, XElement.Parse(documentation))];
}
