using System.Text.RegularExpressions;

namespace RetryHandler.Tests.Documentation;

/// <summary>The pages of documentation hold together.</summary>
[TestFixture]
internal sealed partial class DocumentPageTests
{
    private static IReadOnlyList<DocumentPage> Pages => DocumentPage.All;

    [Test]
    public void Pages_All_AreFound() => Assert.That(
        Pages.Select(static page => page.Path),
        Is.SupersetOf(new[] { "README.md", ".github/CONTRIBUTING.md", "docs/rate-control.md", "docs/testing.md" }));

    /// <summary>A newcomer finds each project in the map, and nothing in it that is not there.</summary>
    [Test]
    public void Contributing_Map_ShowsEveryProject()
    {
        var map = new DocumentPage(".github/CONTRIBUTING.md").Text.Split("## ")
            .Single(static section => section.StartsWith("Where things are", StringComparison.Ordinal));
        var projects = new[] { "src", "test", "samples" }.SelectMany(static folder => Directory.GetFiles(
                Path.Combine(RepositoryRoot.Path, folder), "*.csproj", SearchOption.AllDirectories))
            .Select(static file => Path.GetRelativePath(RepositoryRoot.Path, Path.GetDirectoryName(file)!))
            .Select(static folder => folder.Replace('\\', '/'))
            .Where(static folder => folder.Count(static c => c == '/') == 1);

        Assert.That(
            FolderPattern().Matches(map).Select(static match => match.Groups[1].Value), Is.EquivalentTo(projects));
    }

    [TestCaseSource(nameof(Pages))]
    public void Page_Links_PointToSomething(DocumentPage page) =>
        Assert.That(page.Links.Where(link => !Exists(page, link)), Is.Empty);

    [Test]
    public void Page_LinkToNothing_IsFound()
    {
        Assert.That(Exists(DocumentPage.Readme, "docs/nothing.md"), Is.False);
        Assert.That(Exists(DocumentPage.Readme, "docs/rate-control.md#nothing"), Is.False);
        Assert.That(Exists(DocumentPage.Readme, "docs/rate-control.md#fleets"));
    }

    /// <summary>A page is reached from the README, or nobody reads it.</summary>
    [Test]
    public void Readme_Links_LeadToEachPage() => Assert.That(
        Pages.Select(static page => page.Path).Except(DocumentPage.Readme.Links.Append("README.md")), Is.Empty);

    /// <summary>Projects that a command names exist.</summary>
    [TestCaseSource(nameof(Pages))]
    public void Page_Commands_NameProjectsThatExist(DocumentPage page) => Assert.That(
        ProjectPattern().Matches(page.Text).Select(static match => match.Value)
            .Where(static project => !Directory.Exists(Path.Combine(RepositoryRoot.Path, project))),
        Is.Empty);

    [TestCaseSource(nameof(Pages))]
    public void Page_Text_IsPlain(DocumentPage page) => Assert.That(page.Text, Does.Not.Contain('\u2014'));

    private static bool Exists(DocumentPage page, string link)
    {
        if (link.StartsWith("https://", StringComparison.Ordinal))
        {
            return true;
        }

        var (path, anchor) = link.Split('#') is [var before, var after] ? (before, after) : (link, null);
        var target = path.Length == 0
            ? page.FullPath
            : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page.FullPath)!, path));
        return Path.Exists(target)
            && (anchor is null
                || Pages.Single(other => Path.GetFullPath(other.FullPath) == target).Anchors.Contains(anchor));
    }

    [GeneratedRegex("`((?:src|test|samples)/[^`]+)`")]
    private static partial Regex FolderPattern();

    [GeneratedRegex(@"\b(?:src|test|samples)/[A-Z]\w*(?:\.[A-Z]\w*)*(?=[\s`)""])")]
    private static partial Regex ProjectPattern();
}
