namespace RetryHandler.Tests.Conventions;

[TestFixture]
internal sealed class LineLengthTests
{
    private const int Longest = 120;

    [Test]
    public void Library_Lines_FitTheColumns() =>
        Assert.That(SourceTree.All.SelectMany(f => TooLong(f.Path, f.Text)), Is.Empty);

    [Test]
    public void TooLong_LineOf121_IsFound() =>
        Assert.That(TooLong("A.cs", $"ok\n{new string('x', 121)}\nok"), Is.EqualTo(new[] { "A.cs:2" }));

    private static IEnumerable<string> TooLong(string path, string text) =>
        text.Split('\n')
            .Select((line, index) => (line, index))
            .Where(l => l.line.TrimEnd('\r').Length > Longest)
            .Select(l => $"{path}:{l.index + 1}");
}
