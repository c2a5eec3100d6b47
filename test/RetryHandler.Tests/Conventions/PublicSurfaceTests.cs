using RetryHandler.AspNetCore.Health;

namespace RetryHandler.Tests.Conventions;

/// <summary>Nothing becomes public, and nothing public changes, without somebody having looked at it.</summary>
public sealed class PublicSurfaceTests
{
    private const string UpdateVariable = "UPDATE_APPROVED";

    private static readonly string Folder = Path.Combine(
        SourceTree.Root, "test", "RetryHandler.Tests", "Conventions");

    /// <summary>Both targets are compared with the same file, so they can't drift apart either.</summary>
    [TestCase(typeof(AdaptiveRetryHandler), "PublicSurface.approved.txt")]
    [TestCase(typeof(AdaptiveRetryHealthCheck), "PublicSurface.AspNetCore.approved.txt")]
    public void PublicSurface_Library_IsApproved(Type known, string file)
    {
        var approved = Path.Combine(Folder, file);
        var actual = PublicSurface.Describe(known.Assembly);
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            File.WriteAllText(approved, actual);
        }

        var difference = Difference(File.ReadAllText(approved), actual);

        Assert.That(
            difference,
            Is.Empty,
            $"The public surface has changed (- approved, + built). If that is meant, run this test once with "
            + $"{UpdateVariable}=1 and -f net10.0, and commit {file}.\n"
            + string.Join("\n", difference));
    }

    [TestCase("A\n    B\n", "A\n    B\n", 0)]
    [TestCase("A\n    B\n", "A\n    B\n    C\n", 1)]
    [TestCase("A\n    B\n", "A\n    C\n", 2)]
    [TestCase("A\n    B\n    C\n", "A\n    B\n", 1)]
    [TestCase("A\n    C\nB\n", "A\nB\n    C\n", 2)]
    public void Difference_Texts_FindsEachChange(string approved, string actual, int changes) =>
        Assert.That(Difference(approved, actual), Has.Count.EqualTo(changes));

    [Test]
    public void Describe_Library_KnowsEachSortOfMember()
    {
        var surface = PublicSurface.Describe(typeof(AdaptiveRetryHandler).Assembly);

        Assert.That(
            surface,
            Does.Contain("sealed class RetryHandler.AdaptiveRetryHandler : System.Net.Http.DelegatingHandler"));
        Assert.That(surface, Does.Contain("enum RetryHandler.RetryMode\n    Adaptive = 0\n"));
        Assert.That(surface, Does.Contain("int? MaxAttempts { get; set; }"));
        Assert.That(surface, Does.Contain("(this System.Net.Http.HttpRequestMessage request)"));
    }

    /// <summary>Compares line by line, each line together with the type that it stands under.</summary>
    private static List<string> Difference(string approved, string actual)
    {
        var before = Qualified(approved).ToList();
        var after = Qualified(actual).ToList();
        return
        [
            .. before.Except(after).Select(static line => $"- {line}"),
            .. after.Except(before).Select(static line => $"+ {line}"),
        ];
    }

    private static IEnumerable<string> Qualified(string text)
    {
        var type = string.Empty;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            type = line[0] == ' ' ? type : line;
            yield return line[0] == ' ' ? $"{type} | {line.Trim()}" : line;
        }
    }
}
