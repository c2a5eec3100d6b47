using RetryHandler.Tests.Conventions;

namespace RetryHandler.Tests.Documentation;

/// <summary>The table of settings in docs/configuration.md says what the code says.</summary>
[TestFixture]
internal sealed class SettingsTableTests
{
    private const string Heading = "| setting | meaning |";
    private const string UpdateVariable = "UPDATE_APPROVED";

    private static readonly DocumentPage Page = new("docs/configuration.md");

    [Test]
    public void Describe_Options_IsTheTableOfThePage()
    {
        var text = Page.Text;
        var start = text.IndexOf(Heading, StringComparison.Ordinal);
        var end = text.IndexOf("\n\n", start, StringComparison.Ordinal);
        end = end < 0 ? text.Length : end + 1;
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            File.WriteAllText(Page.FullPath, text[..start] + SettingsTable.Describe() + text[end..]);
            return;
        }

        Assert.That(
            text[start..end],
            Is.EqualTo(SettingsTable.Describe()),
            $"The documentation of a setting has changed. Run this test once with {UpdateVariable}=1 and -f net10.0, "
            + $"and commit {Page.Path}.");
    }

    [Test]
    public void Paths_Options_AreAll() => Assert.That(SettingsTable.Paths.Count(), Is.GreaterThan(45));
}
