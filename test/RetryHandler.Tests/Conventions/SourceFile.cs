using System.Text.RegularExpressions;

namespace RetryHandler.Tests.Conventions;

/// <summary>One source file of the library. A file is a type: its name is the name of the type in it.</summary>
/// <param name="Path">Relative to the project, with slashes.</param>
/// <param name="Text">The complete text.</param>
internal sealed partial record SourceFile(string Path, string Text)
{
    private string? _code;

    /// <summary>Gets the top folder, or <c>Handler</c> for the files at the root of the project.</summary>
    public string Room => Path.Contains('/', StringComparison.Ordinal) ? Path[..Path.IndexOf('/')] : "Handler";

    public string TypeName => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>Gets the text without comments and strings.</summary>
    public string Code => _code ??= CSharpText.StripCommentsAndStrings(Text);

    /// <summary>Gets the lines, without the empty one after the last line break.</summary>
    public IReadOnlyList<string> Lines => Text.TrimEnd('\n').Split('\n');

    public string Namespace => NamespacePattern().Match(Code).Groups[1].Value;

    public IEnumerable<string> Usings => UsingPattern().Matches(Code).Select(static match => match.Groups[1].Value);

    /// <summary>Gets the types that are declared at the top level, with all their modifiers.</summary>
    public IEnumerable<(string Modifiers, string Name)> TopLevelTypes => TypePattern().Matches(Code).Select(
        static match => (match.Groups["modifiers"].Value, match.Groups["name"].Value));

    public bool IsPublic => TopLevelTypes.Any(
        type => type.Name == TypeName && type.Modifiers.Contains("public", StringComparison.Ordinal));

    /// <summary>Says whether the file can name the types of a namespace without qualifying them.</summary>
    public bool Sees(string otherNamespace) =>
        otherNamespace == Namespace
        || Namespace.StartsWith(otherNamespace + ".", StringComparison.Ordinal)
        || Usings.Contains(otherNamespace);

    public override string ToString() => Path;

    [GeneratedRegex(@"^namespace\s+([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespacePattern();

    [GeneratedRegex(@"^using\s+(?:static\s+)?([\w.]+)\s*;", RegexOptions.Multiline)]
    private static partial Regex UsingPattern();

    // At the start of a line: nested types are indented.
    [GeneratedRegex(
        @"^(?<modifiers>(?:\w+\s+)*?)(?:class|struct|interface|enum|record(?:\s+(?:class|struct))?)\s+(?<name>\w+)",
        RegexOptions.Multiline)]
    private static partial Regex TypePattern();
}
