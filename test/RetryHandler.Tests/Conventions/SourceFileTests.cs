using System.Text.RegularExpressions;

namespace RetryHandler.Tests.Conventions;

/// <summary>The shape of the source files.</summary>
public sealed partial class SourceFileTests
{
    private const int MostLines = 250;

    [Test]
    public void Library_Files_AreShort() => Assert.That(
        SourceTree.All.Where(IsTooLong).Select(static file => $"{file}: {file.Lines.Count} lines"), Is.Empty);

    [Test]
    public void Library_Files_HoldOneTypeOfTheirName() => Assert.That(
        SourceTree.All.Where(static file => file.TypeName != "GlobalUsings" && !HoldsItsType(file)), Is.Empty);

    [Test]
    public void Library_Files_HaveNoLooseEnds() => Assert.That(
        SourceTree.All.SelectMany(LooseEnds), Is.Empty);

    /// <summary>Guards the tests of this folder against looking at nothing.</summary>
    [Test]
    public void SourceTree_Library_IsFound()
    {
        var rooms = SourceTree.Library.Select(static file => file.Room).Distinct();

        Assert.That(rooms, Is.SupersetOf(new[] { "Handler", "Retry", "Classification", "Quota", "RateLimiting" }));
        Assert.That(SourceTree.Library.Select(static file => file.TypeName), Is.Unique);
    }

    [TestCase(250, false)]
    [TestCase(251, true)]
    public void IsTooLong_Lines_CountsThem(int lines, bool expected) => Assert.That(
        IsTooLong(new SourceFile("A.cs", string.Concat(Enumerable.Repeat("}\n", lines)))), Is.EqualTo(expected));

    [TestCase("namespace N;\ninternal sealed class A;", true)]
    [TestCase("namespace N;\npublic readonly record struct A(int B)\n{\n    private class C;\n}", true)]
    [TestCase("namespace N;\ninternal static partial class A;", true)]
    [TestCase("namespace N;\ninternal sealed class B;", false)]
    [TestCase("namespace N;\ninternal sealed class A;\ninternal enum B;", false)]
    public void HoldsItsType_Code_IsOneTypeOfThatName(string code, bool expected) =>
        Assert.That(HoldsItsType(new SourceFile("A.cs", code)), Is.EqualTo(expected));

    [TestCase("// TODO: later")]
    [TestCase("// FIXME")]
    [TestCase("throw new NotImplementedException();")]
    public void LooseEnds_Code_FindsThem(string code) =>
        Assert.That(LooseEnds(new SourceFile("A.cs", code)).ToList(), Has.Count.EqualTo(1));

    [Test]
    public void LooseEnds_OrdinaryCode_FindsNothing() => Assert.That(
        LooseEnds(new SourceFile("A.cs", "// to do what was asked\nthrow new NotSupportedException();")), Is.Empty);

    private static bool IsTooLong(SourceFile file) => file.Lines.Count > MostLines;

    private static bool HoldsItsType(SourceFile file) =>
        file.TopLevelTypes.Select(static type => type.Name).SequenceEqual([file.TypeName]);

    private static IEnumerable<string> LooseEnds(SourceFile file) =>
        LooseEndPattern().Matches(file.Text).Select(match => $"{file}: {match.Value}");

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX|NotImplementedException)\b")]
    private static partial Regex LooseEndPattern();
}
