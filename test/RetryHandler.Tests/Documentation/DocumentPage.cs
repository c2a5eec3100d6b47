using System.Text.RegularExpressions;
using RetryHandler.Tests.Conventions;

namespace RetryHandler.Tests.Documentation;

/// <summary>A page of documentation in Markdown.</summary>
/// <param name="Path">Relative to the top of the repository, with slashes.</param>
internal sealed partial record DocumentPage(string Path)
{
    public static DocumentPage Readme { get; } = new("README.md");

    /// <summary>Gets all pages.</summary>
    public static IReadOnlyList<DocumentPage> All { get; } =
    [
        Readme,
        new(".github/CONTRIBUTING.md"),
        .. Directory.EnumerateFiles(System.IO.Path.Combine(SourceTree.Root, "docs"), "*.md").Order()
            .Select(static file => new DocumentPage($"docs/{System.IO.Path.GetFileName(file)}")),
    ];

    public string FullPath => System.IO.Path.Combine(SourceTree.Root, Path);

    public string Text { get; } = File.ReadAllText(System.IO.Path.Combine(SourceTree.Root, Path));

    /// <summary>Gets the anchors that a link can point to: the headings, as the usual viewers write them.</summary>
    public IEnumerable<string> Anchors => HeadingPattern().Matches(WithoutBlocks).Select(static match =>
        OtherCharactersPattern().Replace(match.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    /// <summary>Gets where the links and pictures point to.</summary>
    public IEnumerable<string> Links =>
        LinkPattern().Matches(WithoutBlocks).Select(static match => match.Groups[1].Value);

    private string WithoutBlocks => BlockPattern().Replace(Text, "");

    /// <summary>Gets the blocks of a language.</summary>
    public IEnumerable<string> Blocks(string language) => BlockPattern().Matches(Text)
        .Where(match => match.Groups[1].Value == language).Select(static match => match.Groups[2].Value);

    public override string ToString() => Path;

    [GeneratedRegex(@"^```(\w*)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex BlockPattern();

    [GeneratedRegex(@"^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex HeadingPattern();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex OtherCharactersPattern();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex LinkPattern();
}
