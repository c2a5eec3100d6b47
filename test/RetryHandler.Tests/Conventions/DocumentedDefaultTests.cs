using System.Reflection;
using System.Xml.Linq;

namespace RetryHandler.Tests.Conventions;

/// <summary>The defaults in the documentation are the defaults.</summary>
public sealed class DocumentedDefaultTests
{
    private static IEnumerable<PropertyInfo> DocumentedProperties => LibraryDocumentation.ExportedMembers
        .OfType<PropertyInfo>()
        .Where(static property => ValueOf(property) is { } value && DocumentedDefault.IsStated(value));

    [TestCaseSource(nameof(DefaultCases))]
    public void Property_DocumentedDefault_IsTheRealOne(PropertyInfo property) => Assert.That(
        DocumentedDefault.FindContradiction(
            ValueOf(property)!, property.GetValue(Activator.CreateInstance(property.DeclaringType!))),
        Is.Null);

    [Test]
    public void OptionsProperties_All_StateTheirDefault()
    {
        var silent = LibraryDocumentation.ExportedMembers.OfType<PropertyInfo>()
            .Where(static property => property.DeclaringType!.Name.EndsWith("Options", StringComparison.Ordinal))
            .Where(static property => ValueOf(property) is { } value && !DocumentedDefault.IsStated(value));

        Assert.That(silent, Is.Empty);
    }

    [TestCase("The default is 4096 bytes. Between 0 and 1.", 4096, true)]
    [TestCase("The default is 4096 bytes.", 4095, false)]
    [TestCase("The default is 1,000,000.", 1_000_000, true)]
    [TestCase("The default is 0.5 per second (AWS).", 0.5, true)]
    [TestCase("The default is 0.5 per second.", 5, false)]
    [TestCase("The default is <see langword=\"true\"/>.", true, true)]
    [TestCase("The default is <see langword=\"true\"/>.", false, false)]
    [TestCase("The default is <see langword=\"null\"/>: no limit.", null, true)]
    [TestCase("The default is <see langword=\"null\"/>: no limit.", 1, false)]
    [TestCase("The default is 1.", null, false)]
    [TestCase("The default is <see cref=\"F:RetryHandler.RetryMode.Legacy\"/>.", RetryMode.Legacy, true)]
    [TestCase("The default is <see cref=\"F:RetryHandler.RetryMode.Legacy\"/>.", RetryMode.Standard, false)]
    [TestCase("The default is what it was.", 1, false)]
    public void FindContradiction_Value_Compares(string documentation, object? actual, bool agrees) =>
        AssertAgrees(documentation, actual, agrees);

    [TestCase("The default is 60 seconds. Between 0 and 1 day.", true)]
    [TestCase("The default is 1 minute.", true)]
    [TestCase("The default is 60000 ms.", true)]
    [TestCase("The default is 60.", false)]
    [TestCase("The default is 60 minutes.", false)]
    public void FindContradiction_OneMinute_Compares(string documentation, bool agrees) =>
        AssertAgrees(documentation, TimeSpan.FromMinutes(1), agrees);

    [TestCase("The default is 408, 500 and 502 to 504. Each must be between 400 and 599.", true)]
    [TestCase("The default is 408, 500, 502 and 504.", false)]
    [TestCase("The default is empty.", false)]
    public void FindContradiction_StatusCodes_Compares(string documentation, bool agrees) =>
        AssertAgrees(documentation, new HashSet<int> { 408, 500, 502, 503, 504 }, agrees);

    [TestCase("The default is empty.", true)]
    [TestCase("The default is full.", false)]
    public void FindContradiction_EmptyList_Compares(string documentation, bool agrees) =>
        AssertAgrees(documentation, new HashSet<string>(), agrees);

    private static IEnumerable<TestCaseData> DefaultCases() => DocumentedProperties.Select(static property =>
        new TestCaseData(property).SetArgDisplayNames($"{property.DeclaringType!.Name}.{property.Name}"));

    private static XElement? ValueOf(PropertyInfo property) => LibraryDocumentation.For(property)?.Element("value");

    private static void AssertAgrees(string documentation, object? actual, bool agrees)
    {
        var value = XElement.Parse($"<value>{documentation}</value>");

        Assert.That(DocumentedDefault.FindContradiction(value, actual), agrees ? Is.Null : Is.Not.Null);
    }
}
