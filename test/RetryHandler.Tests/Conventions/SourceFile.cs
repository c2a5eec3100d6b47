namespace RetryHandler.Tests.Conventions;

/// <summary>One source file of the library.</summary>
/// <param name="Path">Relative to the project, with slashes.</param>
/// <param name="Text">The complete text.</param>
internal sealed record SourceFile(string Path, string Text)
{
    private string? _code;

    /// <summary>Gets the top folder, or <c>Handler</c> for the files at the root of the project.</summary>
    public string Room => Path.Contains('/', StringComparison.Ordinal) ? Path[..Path.IndexOf('/')] : "Handler";

    /// <summary>Gets the file's name without extension: the name of the type in it.</summary>
    public string TypeName => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>Gets the text without comments and strings.</summary>
    public string Code => _code ??= CSharpText.StripCommentsAndStrings(Text);

    /// <summary>Gets the lines, without the empty one after the last line break.</summary>
    public IReadOnlyList<string> Lines => Text.TrimEnd('\n').Split('\n');

    public override string ToString() => Path;
}
