namespace RetryHandler.Tests.Conventions;

public sealed class CSharpTextTests
{
    [TestCase("a // b", "a ")]
    [TestCase("/// <see cref=\"B\"/>\na", "\na")]
    [TestCase("a /* b\n c */ d", "a  d")]
    [TestCase("x = \"b\" + c", "x = \"\" + c")]
    [TestCase("x = \"b \\\" b\" + c", "x = \"\" + c")]
    [TestCase("x = \"http://b\" + c", "x = \"\" + c")]
    [TestCase("x = @\"b\\\" + c", "x = \"\" + c")]
    [TestCase("x = @\"b \"\" b\" + c", "x = \"\" + c")]
    [TestCase("x = \"\" + c", "x = \"\" + c")]
    [TestCase("x = '\"' + c", "x =   + c")]
    [TestCase("x = '\\'' + c", "x =   + c")]
    [TestCase("x = $\"b {c} b\"", "x = \"\" c ")]
    [TestCase("x = $\"b {{b}} b\"", "x = \"\"")]
    [TestCase("x = $\"b {c(\"b\")} b\" + d", "x = \"\" c(\"\")  + d")]
    [TestCase("x = $\"b {new C { D = 1 }} b\" + d", "x = \"\" new C { D = 1 }  + d")]
    [TestCase("x = \"\"\"b \" b // b\"\"\" + c", "x = \"\" + c")]
    [TestCase("x = $\"\"\"b {c} b\"\"\" + d", "x = \"\" c  + d")]
    [TestCase("x = $$\"\"\"{b} {{c}} b\"\"\" + d", "x = \"\" c  + d")]
    public void StripCommentsAndStrings_Text_KeepsTheCodeOnly(string text, string code) =>
        Assert.That(CSharpText.StripCommentsAndStrings(text), Is.EqualTo(code));

    [Test]
    public void DottedNames_BrokenOverLines_AreJoined() => Assert.That(
        CSharpText.DottedNames("using A.B;\nvar x = C\n    .D();"), Is.EqualTo(new[] { "A.B", "C.D" }));
}
